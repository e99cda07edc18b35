/** Grading while something that grading needs is broken: never a point lost, never a guess, always what to do. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Report } from '../../../src/model/report.ts';
import { suite } from '../../harness.ts';
import { type Environment, must, openEnvironment } from './environment.ts';

const id = 'pulling-from-private-registries';
const test = suite<{ environment: Environment }>('grading while something is broken', { timeout: 300 });

test.before(async (context) => {
	context.environment = await openEnvironment('fault-test', '--provider', 'kind');
	for (const task of [
		'store-credentials',
		'pull-with-a-pod-secret',
		'see-it-refused',
		'attach-to-the-service-account',
	]) {
		await context.environment.kubectl('apply', '-f', join('labs', id, 'solution', task));
	}
});
test.after(({ environment }) => environment?.close());

const outcomes = (report: Report) => report.tasks.map(({ outcome }) => outcome);
const allPass = ['pass', 'pass', 'pass', 'pass'];

test('with everything well, everything passes', async ({ environment }) => {
	assert.equal(outcomes((await environment.grade()).report), allPass);
});

test('a registry that is stopped costs nobody points, and up mends it', async ({ environment }) => {
	await must('docker', ['stop', environment.registry]);
	const { code, report } = await environment.grade('--timeout', '0');
	assert.is(code, 3);
	assert.equal(outcomes(report), ['error', 'skip', 'pass', 'skip']);
	assert.is(report.score.ungraded, 75);
	const diagnosis = report.tasks[0]?.checks[0]?.diagnosis;
	assert.is(diagnosis?.reason, 'RegistryUnreachable');
	assert.match(diagnosis?.actual ?? '', /ECONNREFUSED|does not answer/);
	assert.match(diagnosis?.remedy ?? '', /kubeproctor up/);

	assert.is((await environment.run('up')).code, 0);
	assert.equal(outcomes((await environment.grade()).report), allPass);
});

test("a password that was changed in the registry is not the learner's fault, and up puts it back", async ({
	environment,
}) => {
	const script =
		'printf "%s" "myuser:\\$2y\\$05\\$abcdefghijklmnopqrstuuWJ0fM3bYq0k6c0K9v9y0bqgk1yYc2mW" > /etc/kubeproctor/htpasswd';
	await must('docker', ['exec', environment.registry, 'sh', '-c', script]);
	const { code, report } = await environment.grade('--timeout', '0');
	assert.is(code, 3);
	assert.is(outcomes(report)[0], 'error');
	assert.match(report.tasks[0]?.checks[0]?.diagnosis?.actual ?? '', /its password was changed/);

	assert.is((await environment.run('up')).code, 0);
	assert.equal(outcomes((await environment.grade()).report), allPass);
});

test('a registry that was deleted and made anew has lost its log, and that is not held against anyone', async ({
	environment,
}) => {
	await environment.grade();
	await must('docker', ['rm', '--force', '--volumes', environment.registry]);
	assert.is((await environment.grade('--timeout', '0')).code, 3);
	assert.is((await environment.run('up')).code, 0);
	const { code, report } = await environment.grade();
	assert.is(code, 0, JSON.stringify(report, null, 1));
	assert.equal(outcomes(report), allPass);
});

test('an API server that stops while it is asked is named, with where it was', async ({ environment }) => {
	const [node = ''] = await environment.nodes();
	await must('docker', ['pause', node]);
	try {
		const { code, stdout, stderr } = await environment.run('grade', '--timeout', '5');
		assert.is(code, 3, stderr);
		assert.is(stdout, '');
		assert.match(stderr, /API server .* does not answer at https:\/\/127\.0\.0\.1:\d+/);
		assert.match(stderr, /kubeproctor( --name \S+)? up/);
	} finally {
		await must('docker', ['unpause', node]);
	}
});

test('a kubeconfig that is absent, broken, or points nowhere is named', async ({ environment }) => {
	const file = environment.env['KUBECONFIG'] ?? '';
	const sound = readFileSync(file, 'utf8');
	const cases: [string, string, RegExp][] = [
		['broken', 'clusters: [', /kubeconfig .* cannot be used/],
		['empty', '', /has no context|cannot be used/],
		['of another cluster', sound.replaceAll('kind-fault-test', 'elsewhere'), /has no context kind-fault-test/],
		[
			'pointing nowhere',
			sound.replace(/server: .*/, 'server: https://127.0.0.1:1'),
			/does not answer at https:\/\/127\.0\.0\.1:1/,
		],
	];
	try {
		for (const [name, text, pattern] of cases) {
			writeFileSync(file, text);
			const { code, stderr } = await environment.run('grade', '--timeout', '0');
			assert.is(code, 3, `${name}: ${stderr}`);
			assert.match(stderr, pattern, name);
		}
	} finally {
		writeFileSync(file, sound);
	}
	assert.is((await environment.grade()).code, 0);
});

test('no part of it ever printed the password', async ({ environment }) => {
	for (const args of [
		['status'],
		['env'],
		['credentials'],
		['grade'],
		['grade', '-o', 'json'],
		['up'],
		['up', '-o', 'json'],
	]) {
		const { stdout, stderr } = await environment.run(...args);
		for (const text of [stdout, stderr]) {
			assert.not.match(text, 'mypassword', args.join(' '));
			assert.not.match(text, Buffer.from('myuser:mypassword').toString('base64'), args.join(' '));
		}
	}
});

test.run();
