/** Watchers that read, watchers that do not, and large writes. */

import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { runCrowd } from './crowd/run.ts';
import { type Server, startServer } from './requests.ts';

const test = suite('a crowd of watchers');
let server: Server;

test.before(async () => {
	server = await startServer();
});
test.after(() => server.stop());

test('is not stalled by those who never read', async () => {
	const watchers = { whole: 1, selected: 1, named: 1, partial: 20, secrets: 20 };
	const { median, worst } = await runCrowd(server.emulator, server, { watchers, slow: 2, writes: 28, bytes: 900_000 });
	assert.ok(median < 500, `half of the requests took ${median} ms`);
	assert.ok(worst < 5000, `one request took ${worst} ms`);
});

test.run();
