/** Programs run in groups of their own, and say how they ended. */

import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { ProgramError, runProgram } from '../src/exec.ts';
import { suite } from './harness.ts';

const test = suite('exec');

test('input, output, environment and lines', async () => {
	const lines: string[] = [];
	const script = 'cat; printf "%s" "$WORD"; echo one >&2; echo two >&2';
	const { stdout, stderr } = await runProgram('sh', ['-c', script], {
		input: 'in ',
		env: { WORD: 'out' },
		onLine: (line) => lines.push(line),
	});
	assert.is(stdout, 'in out');
	assert.is(stderr, 'one\ntwo');
	assert.equal(lines, ['one', 'two']);
});

test('a failure carries its code, its words and the last of them as message', async () => {
	const error = await failure(runProgram('sh', ['-c', 'echo said; echo first >&2; echo last >&2; exit 4']));
	assert.is(error.message, 'sh: last');
	assert.is(error.exitCode, 4);
	assert.is(error.stdout, 'said');
	assert.is(error.stderr, 'first\nlast');
});

test('a program that is not there, and one that takes too long', async () => {
	assert.is((await failure(runProgram('no-such-program', []))).isMissing, true);
	assert.is((await failure(runProgram('sleep', ['9'], { timeout: 50 }))).hasTimedOut, true);
});

test('abort ends the whole group, and rejects with the reason', async () => {
	const abort = new AbortController();
	const reason = new Error('enough');
	let group = 0;
	const run = runProgram('sh', ['-c', 'sleep 61 & sleep 61'], {
		signal: abort.signal,
		onStart: (pid) => {
			group = pid;
		},
	});
	await sleep(100);
	abort.abort(reason);
	assert.is(await run.catch((error: unknown) => error), reason);
	await sleep(100);
	const left = spawnSync('ps', ['-o', 'stat=', '-g', String(group)], { encoding: 'utf8' }).stdout;
	assert.not.match(left, /^[^Z\s]/m);
	assert.is(await runProgram('true', [], { signal: abort.signal }).catch((error: unknown) => error), reason);
});

test.run();

async function failure(promise: Promise<unknown>): Promise<ProgramError> {
	const error = await promise.then(
		() => null,
		(thrown: unknown) => thrown,
	);
	assert.instance(error, ProgramError);
	return error as ProgramError;
}
