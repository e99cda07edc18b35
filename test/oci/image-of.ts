/** An image of one platform with the layer, and where it matters the config, that a test wants. */

import { type Content, describeContent, describeJson, type OciImage } from '../../src/oci/content.ts';
import { mediaTypes } from '../../src/oci/media-types.ts';

export function imageOf(layer: Buffer, config: Content = describeJson(mediaTypes.config, {})): OciImage {
	const blob = describeContent(mediaTypes.layer, layer);
	const index = describeJson(mediaTypes.manifest, {
		schemaVersion: 2,
		mediaType: mediaTypes.manifest,
		config: config.descriptor,
		layers: [blob.descriptor],
	});
	return { index, manifests: [], blobs: [config, blob] };
}
