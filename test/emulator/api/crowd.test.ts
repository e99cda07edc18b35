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
	const watchers = { whole: 2, selected: 2, named: 2, partial: 30, secrets: 30 };
	const { median, worst } = await runCrowd(server.emulator, server, { watchers, slow: 2, writes: 40, bytes: 900_000 });
	if (process.env['SHOW']) console.log(median, worst);
	assert.ok(worst < 2000, `${worst} ms`);
});

test.run();
