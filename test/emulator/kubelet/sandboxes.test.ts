/** Addresses go around in the node's range, past those that Pods still have. */

import * as assert from 'uvu/assert';
import { createSandboxes } from '../../../src/emulator/kubelet/sandboxes.ts';
import { suite } from '../../harness.ts';

const test = suite('sandboxes');

const atOnce = {
	now: () => new Date(0),
	after(_ms: number, run: () => void) {
		queueMicrotask(run);
		return () => {};
	},
};

test('after the last address of the range the first that is free is handed out', async () => {
	const taken: string[] = [];
	const makeSandbox = createSandboxes(atOnce, 100, () => taken);
	for (let count = 0; count < 252; count += 1) taken.push(await makeSandbox());
	assert.is(new Set(taken).size, 252);
	assert.equal([taken[0], taken.at(-1)], ['10.244.0.2', '10.244.0.253']);

	taken.splice(taken.indexOf('10.244.0.7'), 1);
	assert.is(await makeSandbox(), '10.244.0.7');
});

test.run();
