/** What is done to an environment that stands: it is reset, its registry's password is changed, nothing else is lost. */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { EnvironmentRecord } from '../../src/model/environment.ts';
import { suite } from '../harness.ts';
import { type EmbeddedEnvironment, openEmbedded } from './environment.ts';

const solution = 'labs/pulling-from-private-registries/solution';
const test = suite<{ environment: EmbeddedEnvironment }>('resetting and rotating', { timeout: 60 });

test.before(async (context) => {
	context.environment = await openEmbedded('again');
});
test.after(({ environment }) => environment?.close());

const readRecord = ({ folder }: EmbeddedEnvironment) =>
	JSON.parse(readFileSync(join(folder, 'environment.json'), 'utf8')) as EnvironmentRecord;

async function readPassword(environment: EmbeddedEnvironment): Promise<string> {
	const { stdout } = await environment.run('credentials', '--password', '-o', 'json');
	return (JSON.parse(stdout) as { registries: { password: string }[] }).registries[0]?.password ?? '';
}

test('rotate gives the registry another password, for the grader and for the learner', async ({ environment }) => {
	await environment.kubectl('apply', '-f', join(solution, 'store-credentials'));
	assert.is((await environment.grade('--task', '1')).code, 0);
	const { code, stdout, stderr } = await environment.run('rotate');
	assert.is(code, 0, stderr);
	assert.match(stdout, 'registry.example.com has another password now');
	const password = await readPassword(environment);
	assert.is.not(password, 'mypassword');
	assert.not.match(stdout + stderr, password);
	assert.is(statSync(join(environment.folder, 'credentials.json')).mode & 0o077, 0);

	const { code: graded, report } = await environment.grade('--task', '1');
	assert.is(graded, 1);
	assert.is(report.tasks[0]?.checks[0]?.diagnosis?.reason, 'CredentialsRejected');
	assert.is((await environment.run('status')).code, 0);
	const [registry] = readRecord(environment).registries;
	assert.ok(Date.now() - Date.parse(registry?.passwordChangedAt ?? '') < 60_000);
});

test('up again keeps the password that rotate gave', async ({ environment }) => {
	const password = await readPassword(environment);
	assert.is((await environment.run('up')).code, 0);
	assert.is(await readPassword(environment), password);
	assert.is.not(readRecord(environment).registries[0]?.passwordChangedAt, null);
});

test('rotate of a registry that is not there names those that are', async ({ environment }) => {
	const { code, stderr } = await environment.run('rotate', 'registry.example.org');
	assert.is(code, 3);
	assert.match(stderr, /no registry registry\.example\.org.*There is: registry\.example\.com/s);
});

test("up --reset takes away what was done, whatever it was, and the password is the lab's again", async ({
	environment,
}) => {
	const { kubectl } = environment;
	await kubectl('create', 'namespace', 'somewhere');
	await kubectl('-n', 'somewhere', 'create', 'configmap', 'mine');
	await kubectl('create', 'deployment', 'web', '--image=registry.example.com/myapp:1.0', '--replicas=3');
	await kubectl('create', 'service', 'clusterip', 'web', '--tcp=80');
	await kubectl('patch', 'serviceaccount', 'default', '-p', '{"imagePullSecrets":[{"name":"my-registry-creds"}]}');
	await kubectl('label', 'namespace', 'staging', 'pod-security.kubernetes.io/enforce=restricted');
	const { code, stderr } = await environment.run('up', '--reset');
	assert.is(code, 0, stderr);
	assert.match(stderr, /What was done is taken away {2}\d+ objects/);
	const left = await kubectl('get', 'all,secrets,configmaps', '--no-headers', '-o', 'name');
	assert.equal(left.trim().split('\n').sort(), ['configmap/kube-root-ca.crt', 'service/kubernetes']);
	assert.is(await kubectl('get', 'serviceaccount', 'default', '-o', 'jsonpath={.imagePullSecrets}'), '');
	assert.not.match(await kubectl('get', 'namespace', 'staging', '-o', 'jsonpath={.metadata.labels}'), 'pod-security');
	await kubectl('wait', '--for=delete', 'namespace/somewhere', '--timeout=10s');
	assert.is(await readPassword(environment), 'mypassword');
	const { registries, isResetting } = readRecord(environment);
	assert.equal([registries[0]?.passwordChangedAt, isResetting], [null, false]);
	assert.equal(
		(await environment.grade('--timeout', '0')).report.tasks.map(({ outcome }) => outcome),
		['fail', 'skip', 'fail', 'skip'],
	);
});

test('up --reset takes the images of the registry from the node, and no others', async ({ environment }) => {
	const { acts, kubectl } = environment;
	const [theirs = '', ...others] = ['registry.example.com/myapp:1.0', 'registry.example.com:5000/myapp:1.0', 'tool:2'];
	for (const image of [theirs, ...others]) await acts.preload(image);
	await kubectl('run', 'before', `--image=${theirs}`);
	await kubectl('wait', 'pod/before', '--for=condition=Ready', '--timeout=10s');
	const { code, stderr } = await environment.run('up', '--reset');
	assert.is(code, 0, stderr);
	for (const [index, image] of [theirs, ...others].entries())
		await kubectl('run', `p${index}`, `--image=${image}`, '--image-pull-policy=Never');
	await kubectl('wait', 'pod/p1', 'pod/p2', '--for=condition=Ready', '--timeout=10s');
	const reason = '{.status.containerStatuses[0].state.waiting.reason}';
	await kubectl('wait', 'pod/p0', `--for=jsonpath=${reason}=ErrImageNeverPull`, '--timeout=10s');
});

test('a password of chance stays one of chance', async ({ environment }) => {
	assert.is((await environment.run('up', '--reset', '--random-password')).code, 0);
	const first = await readPassword(environment);
	assert.is((await environment.run('up', '--reset')).code, 0);
	const second = await readPassword(environment);
	assert.is.not(first, 'mypassword');
	assert.is.not(second, 'mypassword');
	assert.is.not(first, second);
});

test.run();
