/** A whole life of an embedded environment: up, graded, solved, killed, brought back, taken down. */

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Report } from '../../src/model/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { bringUp, type EmbeddedEnvironment, openEmbedded } from './environment.ts';
import { ended, occupy } from './surroundings.ts';

const solution = 'labs/pulling-from-private-registries/solution';
const tasks = ['store-credentials', 'pull-with-a-pod-secret', 'see-it-refused', 'attach-to-the-service-account'];
const test = suite<{ environment: EmbeddedEnvironment }>('a life of an embedded environment', { timeout: 90 });

test.before(async (context) => {
	context.environment = await openEmbedded('life');
});
test.after(({ environment }) => environment?.close());

const outcomes = (report: Report) => report.tasks.map(({ outcome }) => outcome);
const allPass = ['pass', 'pass', 'pass', 'pass'];

test('every part of it is well, and what holds secrets is for this account only', async ({ environment }) => {
	const { code, stdout } = await environment.run('status', '-o', 'json');
	assert.is(code, 0, stdout);
	const { folder } = environment;
	for (const file of [
		'embedded.json',
		'kubeconfig',
		'credentials.json',
		'cluster/certificates.json',
		'cluster/kubeconfig',
	]) {
		assert.is(statSync(join(folder, file)).mode & 0o077, 0, file);
	}
	assert.is(statSync(folder).mode & 0o077, 0);
	assert.is(readFileSync(join(folder, 'embedded.log'), 'utf8'), '');
});

test('its parts are told in the columns that there are', async ({ environment }) => {
	const { stdout } = await runCli(['--name', environment.name, 'status'], { ...environment.env, COLUMNS: '40' });
	assert.match(stdout, /\n✔ lab {7}\S+\n {12}namespaces default, staging\n/);
	for (const line of stdout.split('\n')) assert.ok(line.length <= 40 || !/\S\s/.test(line.slice(12).trim()), line);
});

test('nothing passes that should not', async ({ environment }) => {
	const { code, report } = await environment.grade('--timeout', '0');
	assert.is(code, 1);
	assert.equal(outcomes(report), ['fail', 'skip', 'fail', 'skip']);
});

test('the reference answer passes, whose pulls are those of the node', async ({ environment }) => {
	for (const task of tasks) await environment.kubectl('apply', '-f', join(solution, task));
	const { code, report } = await environment.grade();
	assert.equal(outcomes(report), allPass, JSON.stringify(report, null, 1));
	assert.is(code, 0);
	const journal = readFileSync(join(environment.folder, 'registries/registry.example.com/access.jsonl'), 'utf8');
	const served = journal
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { client: string; userAgent: string });
	for (const { client, userAgent } of served) {
		assert.is(client, userAgent.startsWith('containerd') ? '172.18.0.2' : '127.0.0.1', userAgent);
	}
});

test('evidence that was saved of it can be judged, and gives the same report', async ({ environment }) => {
	const file = join(environment.folder, 'evidence.json');
	const live = await environment.grade('--save-evidence', file);
	const judged = await environment.grade('--evidence', file);
	assert.is(judged.code, 0);
	assert.equal(judged.report, live.report);
});

test('up again leaves everything as it is', async ({ environment }) => {
	const before = environment.record();
	await bringUp(environment);
	assert.equal(environment.record(), before);
	assert.equal(outcomes((await environment.grade()).report), allPass);
});

test('after kill -9 everything is there again, at the same addresses', async ({ environment }) => {
	const { pid, server, registries } = environment.record();
	const kubeconfig = readFileSync(join(environment.folder, 'kubeconfig'), 'utf8');
	const before = await environment.kubectl('get', 'secrets,serviceaccounts,configmaps,namespaces', '-A', '-o', 'name');
	process.kill(pid, 'SIGKILL');
	await ended(pid);
	assert.is((await environment.run('status')).code, 3);
	const { code, stderr } = await environment.run('grade', '--timeout', '0');
	assert.is(code, 3);
	assert.match(stderr, /does not answer at https:\/\/127\.0\.0\.1:\d+.*kubeproctor --name \S+ up/s);

	await bringUp(environment);
	const after = environment.record();
	assert.is.not(after.pid, pid);
	assert.equal([after.server, after.registries], [server, registries]);
	assert.is(readFileSync(join(environment.folder, 'kubeconfig'), 'utf8'), kubeconfig);
	assert.is(
		await environment.kubectl('get', 'secrets,serviceaccounts,configmaps,namespaces', '-A', '-o', 'name'),
		before,
	);
	assert.equal(outcomes((await environment.grade()).report), allPass);
});

test('after kill -9 the node still has its images, and knows who may use them', async ({ environment }) => {
	const image = 'registry.example.com/myapp:1.0';
	const listImages = () => environment.kubectl('get', 'nodes', '-o', 'jsonpath={.items[*].status.images}');
	const before = await listImages();
	assert.match(before, /myapp:1\.0/);
	const { pid } = environment.record();
	process.kill(pid, 'SIGKILL');
	await ended(pid);
	await bringUp(environment);
	assert.is(await listImages(), before);
	for (const namespace of ['default', 'staging']) {
		await environment.kubectl('-n', namespace, 'run', 'kept', `--image=${image}`, '--image-pull-policy=Never');
	}
	// Of the accounts only that of the namespace default hands on a Secret with which the image was pulled.
	await environment.kubectl('wait', 'pod/kept', '--for=condition=Ready', '--timeout=20s');
	const refused = '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ErrImageNeverPull';
	await environment.kubectl('-n', 'staging', 'wait', 'pod/kept', refused, '--timeout=20s');
	for (const namespace of ['default', 'staging']) {
		await environment.kubectl('-n', namespace, 'delete', 'pod', 'kept', '--now');
	}
});

test('where its ports were taken meanwhile it takes others, and its kubeconfig follows', async ({ environment }) => {
	const { pid, server, registries } = environment.record();
	process.kill(pid, 'SIGKILL');
	await ended(pid);
	const ports = [server, registries['registry.example.com'] ?? ''].map((url) => Number(new URL(url).port));
	const squatters = await Promise.all(ports.map(occupy));
	try {
		await bringUp(environment);
		assert.is.not(environment.record().server, server);
		assert.equal(outcomes((await environment.grade()).report), allPass);
		assert.match(await environment.kubectl('get', 'pods'), /private-pod/);
	} finally {
		for (const close of squatters) close();
	}
});

test('a registry whose password was changed gets it back', async ({ environment }) => {
	writeFileSync(join(environment.folder, 'registries/registry.example.com/htpasswd'), 'myuser:nonsense\n');
	assert.is((await environment.grade('--timeout', '0')).code, 3);
	await bringUp(environment);
	assert.is((await environment.grade()).code, 0);
});

test('down ends the process and leaves nothing', async ({ environment }) => {
	const { pid } = environment.record();
	const { code, stdout } = await environment.run('down');
	assert.is(code, 0);
	assert.match(stdout, new RegExp(`Removed embedded cluster life \\(process ${pid}\\)`));
	await ended(pid);
	assert.not.ok(existsSync(environment.folder));
});

test.run();
