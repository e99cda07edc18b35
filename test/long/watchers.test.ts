/** Two hundred watchers, twenty that never read, and as many changes for each as the past may hold. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { makeCertificates } from '../../src/emulator/tls/certificates.ts';
import { runCrowd } from '../emulator/api/crowd/run.ts';
import { openClient } from '../emulator/api/requests.ts';
import { type ForkedCluster, forkCluster } from '../emulator/store/fork.ts';
import { suite } from '../harness.ts';

const test = suite('long/watchers', { timeout: 300 });
const certificates = makeCertificates(new Date());
const watchers = { whole: 20, selected: 20, named: 20, partial: 70, secrets: 70 };
const slow = 20;
/** What those who do not read may leave in the server, however many they are. */
const unreadBytes = 64 * 1024 * 1024;
let folder: string;
let cluster: ForkedCluster;

test.before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'kubeproctor-watchers-'));
	cluster = await forkCluster(join(folder, 'journal'), certificates);
});
test.after(async () => {
	await cluster.kill();
	await rm(folder, { recursive: true });
});

test('none of them waits for another, nor does anybody else', async () => {
	const server = { url: cluster.url, certificates };
	const client = openClient(server);
	const before = await cluster.readMemory();
	let most = before;
	let reading = Promise.resolve();
	const look = setInterval(() => {
		reading = reading.then(async () => {
			most = Math.max(most, await cluster.readMemory());
		});
	}, 200);
	try {
		const { median, worst } = await runCrowd(server, client, { watchers, slow, writes: 600, bytes: 45_000 });
		assert.ok(median < 250, `half of the requests took ${median} ms`);
		assert.ok(worst < 5000, `one request took ${worst} ms`);
	} finally {
		clearInterval(look);
		await reading;
		client.close();
	}
	// Twenty of whom each may leave 16 MiB would need five times as much.
	assert.ok(most - before < 4 * unreadBytes, `${most} bytes, and ${before} before`);
});

test('whoever comes back too late is told to begin anew', async () => {
	const client = openClient({ url: cluster.url, certificates });
	const path = '/api/v1/namespaces/default/endpoints';
	try {
		const made = await client.ask(path, { body: { metadata: { name: 'busy' } } });
		const headers = { 'content-type': 'application/merge-patch+json' };
		for (let count = 0; count <= 2000; count++) {
			const body = { metadata: { annotations: { count: String(count) } } };
			assert.is((await client.ask(`${path}/busy`, { method: 'PATCH', headers, body })).status, 200);
		}
		const { body } = await client.ask(`${path}?watch=1&resourceVersion=${made.body.metadata.resourceVersion}`);
		assert.equal([body.type, body.object.code, body.object.reason], ['ERROR', 410, 'Expired']);
	} finally {
		client.close();
	}
});

test.run();
