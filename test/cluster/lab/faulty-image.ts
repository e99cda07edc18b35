/** Images that no node can run, pushed as somebody might who builds with a tool of their own. */

import { openRegistryClient } from '../../../src/oci/client.ts';
import { type Content, describeContent, describeJson, type OciImage } from '../../../src/oci/content.ts';
import { buildSampleImage } from '../../../src/oci/image.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import { parseReference } from '../../../src/oci/reference.ts';
import { openSession } from '../../../src/session.ts';
import { imageOf } from '../../oci/image-of.ts';
import type { Environment } from './environment.ts';

/** `foreign`: for another platform. `unreadable`: its config is no JSON. */
export type Fault = 'foreign' | 'unreadable';

/** Into the environment's own registry, with the credentials that `up` wrote down. */
export async function pushFaulty(
	{ name, env }: Pick<Environment, 'name' | 'env'>,
	image: string,
	fault: Fault,
): Promise<void> {
	const { host, repository, tag } = parseReference(image);
	const { registries } = await openSession(name, { env: { ...process.env, ...env } });
	const registry = registries.find((candidate) => candidate.host === host);
	if (registry === undefined || tag === null) throw new Error(`${image} cannot be pushed`);
	const client = openRegistryClient({ endpoint: registry.endpoint, credentials: registry.credentials });
	try {
		await client.pushImage(await (fault === 'foreign' ? buildForeign(image) : buildUnreadable()), repository, tag);
	} finally {
		client.close();
	}
}

async function buildForeign(image: string): Promise<OciImage> {
	const { manifests, blobs } = await buildSampleImage({ environment: 'any', name: image });
	const platform = { os: 'linux', architecture: 's390x' };
	const foreign = manifests
		.slice(0, 1)
		.map(({ descriptor, bytes }): Content => ({ descriptor: { ...descriptor, platform }, bytes }));
	const index = describeJson(mediaTypes.index, {
		schemaVersion: 2,
		mediaType: mediaTypes.index,
		manifests: foreign.map(({ descriptor }) => descriptor),
	});
	return { index, manifests: foreign, blobs };
}

function buildUnreadable(): OciImage {
	return imageOf(Buffer.alloc(1024), describeContent(mediaTypes.config, Buffer.from('written by hand')));
}
