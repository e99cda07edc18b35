/** `reset` of a task on the embedded cluster: what it takes away, what it leaves, and what it asks before. */

import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { loadLab } from '../../src/lab/index.ts';
import { cli } from '../cli/run-cli.ts';
import { solve } from '../cluster/lab/mistakes.ts';
import { suite } from '../harness.ts';
import { bringUp, type EmbeddedEnvironment, planEnvironment } from './environment.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('resetting tasks', { timeout: 300 });
const first = 'pulling-from-private-registries';

test.before(async (context) => {
	context.environment = planEnvironment('reset');
	await bringUp(context.environment, first);
});
test.after(({ environment }) => environment?.close());

const outcomes = async ({ grade }: EmbeddedEnvironment) =>
	(await grade('--timeout', '5')).report.tasks.map(({ outcome }) => outcome);

test('without leave nothing that the learner made is deleted', async ({ environment }) => {
	await bringUp(environment, first, '--reset');
	await solve(environment, await loadLab(first));
	for (const args of [['1'], ['--all']]) {
		const { code, stderr } = await environment.run('reset', ...args);
		assert.is(code, 2);
		for (const name of ['my-registry-creds', 'private-pod', 'sa-pod']) assert.match(stderr, name);
		assert.match(stderr, '--yes');
	}
	assert.equal(await outcomes(environment), ['pass', 'pass', 'pass', 'pass']);
});

test('--all gives back the whole lab', async ({ environment }) => {
	await environment.kubectl('create', 'configmap', 'of-the-learner');
	const { code, stdout, stderr } = await environment.run('reset', '--all', '--yes', '-o', 'json');
	assert.is(code, 0, stderr);
	assert.is((JSON.parse(stdout) as { tasks: string[] }).tasks.length, 4);
	assert.equal(await outcomes(environment), ['fail', 'skip', 'fail', 'skip']);
	assert.not.match(await environment.kubectl('get', 'configmaps'), 'of-the-learner');
});

test('a namespace that was deleted is there again', async ({ environment }) => {
	await environment.kubectl('delete', 'namespace', 'staging');
	assert.is((await environment.run('reset', '3', '--yes')).code, 0);
	await environment.kubectl('-n', 'staging', 'run', 'no-creds-pod', '--image=registry.example.com/myapp:1.0');
	assert.is((await environment.grade('--task', '3')).code, 0);
});

test('interrupted at any moment, it goes on when it is run again', async ({ environment }) => {
	const id = 'rotate-credentials';
	const lab = await loadLab(id);
	await bringUp(environment, id, '--reset');
	await solve(environment, lab);
	for (const delay of [250, 350, 450, 600]) {
		const args = [cli, '--name', environment.name, 'reset', 'a-new-secret', '--yes'];
		const child = spawn(process.execPath, args, { env: { ...process.env, ...environment.env }, stdio: 'ignore' });
		const ended = new Promise((resolve) => child.on('close', resolve));
		await sleep(delay);
		child.kill('SIGINT');
		assert.ok([0, 130, null].includes((await ended) as number | null));
	}
	const { code, stderr } = await environment.run('reset', 'a-new-secret', '--yes');
	assert.is(code, 0, stderr);
	assert.equal(await outcomes(environment), ['fail', 'skip', 'skip']);
	for (const task of lab.tasks) {
		assert.is((await environment.run('solve', task.id, '--apply', '--yes')).code, 0, task.id);
	}
});

test.run();
