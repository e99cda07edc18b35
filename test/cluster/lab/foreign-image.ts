/** An image that no node here can run: it is for another platform. */

import { openRegistryClient } from '../../../src/oci/client.ts';
import { describeJson } from '../../../src/oci/content.ts';
import { buildSampleImage } from '../../../src/oci/image.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import { parseReference } from '../../../src/oci/reference.ts';
import { openSession } from '../../../src/session.ts';
import type { Environment } from './environment.ts';

const platform = { os: 'linux', architecture: 's390x' };

/** Pushes it into the environment's own registry, with the credentials that `up` wrote down. */
export async function pushForeignImage({ name, env }: Pick<Environment, 'name' | 'env'>, image: string): Promise<void> {
	const { host, repository, tag } = parseReference(image);
	const { registries } = await openSession(name, { env: { ...process.env, ...env } });
	const registry = registries.find((candidate) => candidate.host === host);
	if (registry === undefined || tag === null) throw new Error(`${image} cannot be pushed`);
	const { manifests, blobs } = await buildSampleImage({ environment: 'any', name: image });
	const foreign = manifests
		.slice(0, 1)
		.map(({ descriptor, bytes }) => ({ descriptor: { ...descriptor, platform }, bytes }));
	const index = describeJson(mediaTypes.index, {
		schemaVersion: 2,
		mediaType: mediaTypes.index,
		manifests: foreign.map(({ descriptor }) => descriptor),
	});
	const client = openRegistryClient({ endpoint: registry.endpoint, credentials: registry.credentials });
	try {
		await client.pushImage({ index, manifests: foreign, blobs }, repository, tag);
	} finally {
		client.close();
	}
}
