/** The first lab on a real cluster: untouched, by its own lesson, by its reference answer, and with every mistake. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadLab } from '../../../src/lab/index.ts';
import type { Report } from '../../../src/model/report.ts';
import { suite } from '../../harness.ts';
import { type Environment, must, openEnvironment } from './environment.ts';
import { actOnKind, isLast, play, preload, readMistakes } from './mistakes.ts';

const id = 'pulling-from-private-registries';
const lab = await loadLab(id);
const tasks = lab.tasks.map((task) => task.id);
const test = suite<{ environment: Environment }>('the first lab on a real cluster', { timeout: 300 });

test.before(async (context) => {
	context.environment = await openEnvironment('lab-test', '--provider', 'kind');
});
test.after(({ environment }) => environment?.close());

const outcomes = (report: Report) => report.tasks.map(({ outcome }) => outcome);

test('nothing passes that should not', async ({ environment }) => {
	const { code, report } = await environment.grade();
	assert.is(code, 1);
	assert.equal(outcomes(report), ['fail', 'skip', 'fail', 'skip']);
	assert.equal(report.score, { earned: 0, possible: 100, ungraded: 0 });
});

test("the lesson's own commands, typed verbatim, pass every task", async ({ environment }) => {
	const lesson = readFileSync(join('labs', id, 'lesson.md'), 'utf8');
	const blocks = [...lesson.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
	assert.ok(blocks.length > 5, 'the lesson has commands');
	const folder = await mkdtemp(join(tmpdir(), 'lesson-'));
	try {
		await must('bash', ['-e', '-o', 'pipefail', '-c', `cd '${folder}'\n${blocks.join('\n')}`], environment.env);
	} finally {
		await rm(folder, { recursive: true });
	}
	const { code, report } = await environment.grade();
	assert.equal(outcomes(report), ['pass', 'pass', 'pass', 'pass'], JSON.stringify(report, null, 1));
	assert.is(code, 0);
});

test('undone, it is as it was', async ({ environment }) => {
	await environment.reset();
	assert.equal(outcomes((await environment.grade()).report), ['fail', 'skip', 'fail', 'skip']);
});

test('the reference answer passes, task by task', async ({ environment }) => {
	for (const task of tasks) {
		await environment.kubectl('apply', '-f', join('labs', id, 'solution', task));
		const { code, report } = await environment.grade('--task', task);
		assert.equal(outcomes(report), ['pass'], JSON.stringify(report, null, 1));
		assert.is(code, 0);
	}
	const { code, report } = await environment.grade();
	assert.is(code, 0);
	assert.equal(report.score, { earned: 100, possible: 100, ungraded: 0 });
});

test('kept evidence is graded the same without the cluster, and holds no credentials', async ({ environment }) => {
	const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
	try {
		const file = join(folder, 'evidence.json');
		const live = await environment.grade('--save-evidence', file);
		const kept = await environment.run('grade', '--evidence', file, '-o', 'json');
		assert.equal(JSON.parse(kept.stdout), live.report);
		const text = readFileSync(file, 'utf8');
		for (const secret of ['mypassword', Buffer.from('myuser:mypassword').toString('base64')])
			assert.not.match(text, secret);
	} finally {
		await rm(folder, { recursive: true });
	}
});

const mistakes = readMistakes(id).toSorted((a, b) => Number(isLast(a)) - Number(isLast(b)));

for (const mistake of mistakes.filter((each) => !isLast(each))) {
	test(`${mistake.expect.reason}: ${mistake.title}`, async ({ environment }) => {
		await environment.reset();
		await judgeMistake(environment, mistake);
	});
}

test('a Pod that runs because its image was loaded onto the node has not done task 2', async ({ environment }) => {
	await environment.reset();
	await environment.kubectl('apply', '-f', join('labs', id, 'solution', 'store-credentials'));
	for (const node of await environment.nodes()) {
		await must('docker', [
			'exec',
			node,
			'ctr',
			'--namespace',
			'k8s.io',
			'images',
			'rm',
			`${lab.registries[0]?.host}/myapp:1.0`,
		]);
	}
	await preload(environment, 'registry.example.com/myapp:1.0');
	await environment.kubectl('run', 'private-pod', '--image=registry.example.com/myapp:1.0');
	await environment.kubectl('wait', 'pod/private-pod', '--for=condition=Ready', '--timeout=60s');
	const { code, report } = await environment.grade('--task', '2');
	assert.not.equal(code, 0);
	assert.ok(
		['PullNotProven', 'ControlNotRefused'].includes(report.tasks[0]?.checks[0]?.diagnosis?.reason ?? ''),
		JSON.stringify(report),
	);
	assert.is(report.score.earned, 0);
});

for (const mistake of mistakes.filter(isLast)) {
	test(`${mistake.expect.reason}: ${mistake.title}`, async ({ environment }) => {
		await must('docker', ['start', environment.registry]);
		await environment.reset();
		await judgeMistake(environment, mistake);
	});
}

async function judgeMistake(environment: Environment, mistake: (typeof mistakes)[number]): Promise<void> {
	await play(environment, id, mistake, tasks, actOnKind(environment));
	const { report } = await environment.grade();
	const task = report.tasks.find((each) => each.id === mistake.expect.task);
	const verdict = task?.checks.find((each) => each.id === mistake.expect.check);
	assert.is(verdict?.diagnosis?.reason ?? verdict?.outcome, mistake.expect.reason, JSON.stringify(task, null, 1));
}

test.run();
