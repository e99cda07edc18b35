/** A registry that is killed while images are pushed to it: what it has acknowledged is there afterwards, and pullable. */

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { OciImage } from '../../src/oci/content.ts';
import { readAccessJournal } from '../../src/oci/server/journal.ts';
import { until } from '../emulator/store/until.ts';
import { suite } from '../harness.ts';
import { imageOf } from '../oci/image-of.ts';
import { forkRegistry } from '../oci/server/fork.ts';
import { withClient, withFolder } from '../oci/server/registry.ts';

const test = suite('long/registry-kill', { timeout: 800 });
const kills = 40;

test('killed at random moments under pushes and pulls, nothing acknowledged is lost', async () => {
	await withFolder(async (folder) => {
		const acknowledged = new Map<string, OciImage>();
		let answered = 0;
		let torn = 0;
		for (let round = 0; round < kills; round++) {
			const registry = await forkRegistry(folder);
			const pushing = [0, 1, 2].map(async (pusher) => {
				for (let count = 0; ; count++) {
					const image = imageOf(randomBytes(20_000));
					const tag = `v${round}-${count}`;
					await withClient(registry.url, async (client) => {
						await client.pushImage(image, `app-${pusher}`, tag, { chunkSize: 6_000 });
						acknowledged.set(`app-${pusher} ${tag}`, image);
						assert.equal(await client.pullImage(`app-${pusher}`, tag), image);
						answered += 1;
					});
				}
			});
			const ended = Promise.allSettled(pushing);
			const enough = acknowledged.size + 2 + Math.random() * 3;
			await Promise.race([ended, until(() => acknowledged.size >= enough)]);
			await sleep(Math.random() * 50);
			await registry.kill();
			for (const outcome of await ended) {
				if (outcome.status === 'rejected' && outcome.reason.name !== 'LabError') throw outcome.reason;
				torn += 1;
			}
		}
		const registry = await forkRegistry(folder);
		try {
			for (const [name, image] of acknowledged) {
				const [repository = '', tag = ''] = name.split(' ');
				const { index } = await withClient(registry.url, (client) => client.pullImage(repository, tag));
				assert.is(index.descriptor.digest, image.index.descriptor.digest, name);
			}
			const pulls = readAccessJournal(folder).filter(({ method, status }) => method === 'GET' && status === 200);
			assert.ok(pulls.length >= answered + acknowledged.size, `${pulls.length} pulls in the journal`);
			assert.is(torn, kills * 3);
		} finally {
			await registry.kill();
		}
	});
});

test.run();
