/** An image pushed to our registry and pulled again, against registry:2: both in a process of their own, both with a password. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OciImage } from '../../src/oci/content.ts';
import { buildSampleImage } from '../../src/oci/image.ts';
import { startContainer } from '../cluster/oci-server/container.ts';
import { imageOf } from '../oci/image-of.ts';
import { forkRegistry } from '../oci/server/fork.ts';
import { withClient } from '../oci/server/registry.ts';
import type { Comparison } from './ratio.ts';

const urls = { ours: '', peer: '' };
let next = 0;

/** 32 MiB that no registry has seen: mostly bytes. */
export const largeImage: Comparison = {
	name: 'registry-large',
	limit: 1,
	rounds: 9,
	setUp: startBoth,
	ours: { run: () => pushAndPull(urls.ours, imageOf(randomBytes(32 * 1024 * 1024))) },
	peer: { run: () => pushAndPull(urls.peer, imageOf(randomBytes(32 * 1024 * 1024))) },
};

/** The sample image into a new repository: mostly requests. */
export const smallImage: Comparison = {
	name: 'registry-small',
	limit: 1,
	rounds: 15,
	setUp: startBoth,
	ours: { run: async () => pushAndPull(urls.ours, await buildSampleImage({ environment: 'bench' })) },
	peer: { run: async () => pushAndPull(urls.peer, await buildSampleImage({ environment: 'bench' })) },
};

async function startBoth(): Promise<() => Promise<void>> {
	const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-bench-'));
	const [ours, peer] = await Promise.all([forkRegistry(folder), startContainer()]);
	urls.ours = ours.url;
	urls.peer = peer.url;
	return async () => {
		await Promise.all([ours.kill(), peer.remove()]);
		rmSync(folder, { recursive: true });
	};
}

async function pushAndPull(url: string, image: OciImage): Promise<void> {
	const repository = `bench/${next++}`;
	await withClient(url, async (client) => {
		await client.pushImage(image, repository, 'v1');
		await client.pullImage(repository, 'v1');
	});
}
