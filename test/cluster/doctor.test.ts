/** `doctor` on a machine on which kind works. */

import * as assert from 'uvu/assert';
import type { Precondition } from '../../src/model/precondition.ts';
import { runCli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';

const test = suite('doctor on a machine with kind');

test('everything is found, and labs can be done either way', async () => {
	const { code, stdout, stderr } = await runCli(['doctor', '-o', 'json']);
	assert.equal([code, stderr], [0, '']);
	const { providers, preconditions } = JSON.parse(stdout) as {
		providers: Record<string, boolean>;
		preconditions: Precondition[];
	};
	assert.equal(providers, { embedded: true, kind: true });
	for (const [id, found] of Object.entries({
		kind: /^0\.\d+\.\d+$/,
		engine: /^(docker|podman|nerdctl|finch) \d+/,
		memory: /^\d+\.\d GiB$/,
		inotify: /^\d+ instances, \d+ watches$/,
		'engine-clock': /^that of this machine$/,
	})) {
		const precondition = preconditions.find((each) => each.id === id);
		assert.is(precondition?.state, 'fine', id);
		assert.match(precondition?.found ?? '', found);
	}
	assert.ok(['fine', 'poor'].includes(String(preconditions.find(({ id }) => id === 'cgroups')?.state)));
});

test.run();
