/** An image of one platform with the layer that a test wants. */

import { describeContent, describeJson, type OciImage } from '../../src/oci/content.ts';
import { mediaTypes } from '../../src/oci/media-types.ts';

export function imageOf(layer: Buffer): OciImage {
	const config = describeJson(mediaTypes.config, {});
	const blob = describeContent(mediaTypes.layer, layer);
	const index = describeJson(mediaTypes.manifest, {
		schemaVersion: 2,
		mediaType: mediaTypes.manifest,
		config: config.descriptor,
		layers: [blob.descriptor],
	});
	return { index, manifests: [], blobs: [config, blob] };
}
