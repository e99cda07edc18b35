/** `progress` as a learner runs it: what is kept is shown, and forgotten only when that is meant. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Learned } from '../../src/learning/progress.ts';
import { suite } from '../harness.ts';
import { cli, runProgram } from './run-cli.ts';

const test = suite('progress command');
const home = mkdtempSync(join(tmpdir(), 'kubeproctor-progress-'));
const file = join(home, 'progress.json');
const known: Learned = {
	schemaVersion: 1,
	labs: {
		'pulling-from-private-registries': {
			lastAt: '2026-11-27T12:00:00.000Z',
			seconds: 3725,
			currentTask: 'see-it-refused',
			tasks: {
				'store-credentials': { passedAt: '2026-11-27T11:00:00.000Z', points: 20, hints: {} },
				'see-it-refused': { passedAt: null, points: 0, hints: { own: 1, 'refused-pod PodMissing': 2 } },
			},
			quiz: { answeredAt: '2026-11-27T11:30:00.000Z', right: 8, questions: 10, wrong: ['restarts', 'base64'] },
		},
		'a-lab-that-is-gone': {
			...{ lastAt: '2026-11-26T12:00:00.000Z', seconds: 60, currentTask: null, quiz: null },
			tasks: { 'only-task': { passedAt: '2026-11-26T12:00:00.000Z', points: 5, hints: {} } },
		},
	},
};

test.before.each(() => {
	mkdirSync(home, { recursive: true });
	writeFileSync(file, JSON.stringify(known));
});
test.after(() => rmSync(home, { recursive: true }));

test('shows points, hints, quiz and time of every lab that was begun', async () => {
	const { code, stdout, stderr } = await run();
	assert.equal([code, stderr], [0, '']);
	assert.match(stdout, /^a-lab-that-is-gone +5 \/ 5\n✔ 1 {2}only-task +5 \/ 5\n/);
	assert.match(stdout, /^Pulling from private registries with imagePullSecrets +20 \/ 100\n✔ 1 .* 20 \/ 20\n/m);
	assert.match(stdout, /^– 3 {2}See a pull refused \(3 hints\) +0 \/ 25$/m);
	assert.match(stdout, 'quiz 8 of 10, 1 h 2 min');
	assert.ok(stdout.split('\n').every((line) => line.length <= 80));
});

test('-o json has the same', async () => {
	const { labs } = JSON.parse((await run('-o', 'json')).stdout) as { labs: Record<string, unknown>[] };
	const [, lab] = labs;
	assert.equal(lab?.['score'], { earned: 20, possible: 100 });
	assert.equal(lab?.['quiz'], known.labs['pulling-from-private-registries']?.quiz);
	assert.equal([lab?.['seconds'], lab?.['currentTask']], [3725, 'see-it-refused']);
});

test('--reset asks first, and where it cannot it forgets nothing', async () => {
	const { code, stderr } = await run('--reset');
	assert.is(code, 2);
	assert.match(stderr, '--yes');
	assert.equal(JSON.parse(readFileSync(file, 'utf8')), known);
});

test('--reset forgets one lab, or all', async () => {
	assert.is((await run('--reset', 'a-lab-that-is-gone', '--yes')).code, 0);
	assert.equal(listKept(), ['pulling-from-private-registries']);
	assert.is((await run('--reset', '--yes')).code, 0);
	assert.equal(listKept(), []);
});

test('--reset of a lab that there is not forgets nothing', async () => {
	const { code, stderr } = await run('--reset', 'a-lab-that-is-missing', '--yes');
	assert.is(code, 2);
	assert.match(stderr, 'There is no lab a-lab-that-is-missing.');
	assert.is(listKept().length, 2);
});

test.run();

function run(...args: string[]) {
	return runProgram(process.execPath, [cli, 'progress', ...args], { KUBEPROCTOR_HOME: home });
}

function listKept(): string[] {
	return Object.keys((JSON.parse(readFileSync(file, 'utf8')) as Learned).labs);
}
