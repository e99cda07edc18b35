/** Steps run as early as they may, and a run that fails takes back what it made. */

import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { Run } from '../../src/environment/run.ts';
import { InterruptedError, LabError } from '../../src/model/error.ts';
import { type Progress, silentProgress } from '../../src/model/progress.ts';
import { suite } from '../harness.ts';

const test = suite('environment/run');
const never = new AbortController().signal;

test('a step begins once what it needs is done, and gets its results', async () => {
	const run = new Run(silentProgress, never);
	const order: string[] = [];
	const first = run.step(plan('a'), [], async () => {
		await sleep(30);
		order.push('a');
		return 2;
	});
	const second = run.step(plan('b'), [], async () => {
		order.push('b');
		return 'x';
	});
	const third = run.step(plan('c'), [first, second], async (_, number, text) => text.repeat(number));
	assert.equal(order, [], 'nothing begins before everything is planned');
	await run.finish();
	assert.equal(order, ['b', 'a']);
	assert.is(await third, 'xx');
});

test('a failure stops the others, spares those that wait, and is what is told', async () => {
	const { progress, lines } = record();
	const run = new Run(progress, never);
	const failing = run.step(plan('a'), [], async () => {
		await sleep(10);
		throw new LabError({ code: 'broken', message: 'it broke', remedy: 'mend it' });
	});
	run.step(plan('b'), [], (step) => sleep(60_000, undefined, { signal: step.signal }));
	run.step(plan('c'), [failing], async () => {});
	const error = await rejected(run.finish());
	assert.ok(error instanceof LabError);
	assert.is(error.code, 'broken');
	assert.equal(lines, ['plan a b c', 'start a', 'start b', 'fail a: it broke', 'fail b: stopped', 'end']);
});

test('a step that is not shown counts as any other', async () => {
	const { progress, lines } = record();
	const run = new Run(progress, never);
	const undone: string[] = [];
	const shown = run.step(plan('a'), [], async (step) => step.takeBack('one', async () => undone.push('one')));
	run.step(null, [shown], async () => {
		throw new Error('no');
	});
	assert.is((await rejected(run.finish())).message, 'no');
	assert.ok(undone.includes('one'));
	assert.equal(
		lines.filter((line) => /^(plan|start)/.test(line)),
		['plan a', 'start a'],
	);
});

test('what was made is taken back, the last thing first, and looked for a second time', async () => {
	const run = new Run(silentProgress, never);
	const undone: string[] = [];
	run.step(plan('a'), [], async (step) => {
		step.takeBack('one', async () => undone.push('one'));
		step.takeBack('two', async () => undone.push('two'));
		throw new Error('no');
	});
	assert.is((await rejected(run.finish())).message, 'no');
	assert.equal(undone, ['two', 'one', 'two', 'one']);
});

test('nothing is taken back when all goes well', async () => {
	const run = new Run(silentProgress, never);
	let undone = 0;
	run.step(plan('a'), [], async (step) => step.takeBack('one', async () => undone++));
	await run.finish();
	assert.is(undone, 0);
});

test('what cannot be taken back is told beside the cause, and the rest is taken back all the same', async () => {
	const { progress, lines } = record();
	const run = new Run(progress, never);
	let isUndone = false;
	run.step(plan('a'), [], async (step) => {
		step.takeBack('one', async () => {
			isUndone = true;
		});
		step.takeBack('two', () => Promise.reject(new Error('stuck')));
		throw new LabError({ code: 'broken', message: 'it broke', remedy: 'mend it' });
	});
	const error = await rejected(run.finish());
	assert.ok(error instanceof LabError);
	assert.equal(
		error.also.map(({ code, message }) => `${code}: ${message}`),
		['not-taken-back: two could not be taken back: stuck'],
	);
	assert.ok(isUndone);
	assert.ok(lines.includes('note two could not be taken back: stuck'));
});

test('an interruption ends it with its own reason, even before the first step', async () => {
	for (const delay of [0, 20]) {
		const abort = new AbortController();
		const reason = new InterruptedError('SIGTERM');
		const run = new Run(silentProgress, abort.signal);
		run.step(plan('a'), [], (step) => sleep(60_000, undefined, { signal: step.signal }));
		if (delay === 0) abort.abort(reason);
		else setTimeout(() => abort.abort(reason), delay);
		assert.is(await rejected(run.finish()), reason);
	}
});

test.run();

function plan(id: string) {
	return { id, title: id };
}

async function rejected(promise: Promise<unknown>): Promise<Error> {
	try {
		await promise;
	} catch (error) {
		return error as Error;
	}
	throw new Error('it did not fail');
}

function record(): { progress: Progress; lines: string[] } {
	const lines: string[] = [];
	const progress: Progress = {
		plan: (steps) => void lines.push(`plan ${steps.map(({ id }) => id).join(' ')}`),
		start(id) {
			lines.push(`start ${id}`);
			return {
				update() {},
				done: () => void lines.push(`done ${id}`),
				skip: () => void lines.push(`skip ${id}`),
				fail: (message) => void lines.push(`fail ${id}: ${message}`),
			};
		},
		note: (text) => void lines.push(`note ${text}`),
		end: async () => void lines.push('end'),
	};
	return { progress, lines };
}
