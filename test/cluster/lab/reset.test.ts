/** `reset` of each task on a real cluster: in under five seconds, program start and all, and nothing else is touched. */

import * as assert from 'uvu/assert';
import { loadLab } from '../../../src/lab/index.ts';
import { suite } from '../../harness.ts';
import { type Environment, openEnvironment } from './environment.ts';
import { judgeResets } from './resets.ts';

const limit = 5000;
const test = suite<{ environment: Environment }>('resetting each task on a real cluster', { timeout: 600 });

test.before(async (context) => {
	context.environment = await openEnvironment('reset-test', '--provider', 'kind');
});
test.after(({ environment }) => environment?.close());

for (const id of ['pulling-from-private-registries', 'rotate-credentials']) {
	test(`${id}: it takes under ${limit / 1000} s`, async ({ environment }) => {
		await environment.reset(id);
		const slowest = await judgeResets(environment, await loadLab(id));
		assert.ok(slowest < limit, `${Math.round(slowest)} ms`);
	});
}

test.run();
