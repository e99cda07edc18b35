/** On a cluster and a registry that somebody lends us: only what is ours is made, and only that is removed. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Report } from '../../src/model/report.ts';
import { writeHtpasswdLine } from '../../src/oci/htpasswd.ts';
import { findPackageFolder } from '../../src/package-root.ts';
import { suite } from '../harness.ts';
import { openWorld, type RunOptions, runEngine, runTool } from './cli.ts';

const test = suite('cluster/existing', { timeout: 240 });
const school = await openWorld();
const ann = await openWorld();
const bob = await openWorld();
const folder = await mkdtemp(join(tmpdir(), 'kubeproctor-existing-'));
const kubeconfig = join(folder, 'kubeconfig');
const context = `kind-${school.name}`;
const node = `${school.name}-control-plane`;
const container = `${school.name}-school-registry`;
const lent = ['--provider', 'existing', '--kubeconfig', kubeconfig, '--context', context];
let host: string;

test.before(async () => {
	await makeCluster();
	host = `${await makeRegistry()}:5000`;
});

test.after(async () => {
	await ann.run(['down'], trusting());
	for (const world of [ann, bob, school]) await world.close();
	await rm(folder, { recursive: true });
});

test('whatever lacks is refused clearly', async () => {
	const registry = ['--registry', host, '--registry-username', 'ann'];
	const refusals: [string[], RunOptions, number, RegExp][] = [
		[['up', ...lent, ...registry], {}, 2, /KUBEPROCTOR_REGISTRY_PASSWORD/],
		[['up', ...lent], {}, 2, /--registry HOST --registry-username USER/],
		[['up', ...lent, ...registry], { env: { KUBEPROCTOR_REGISTRY_PASSWORD: 'p' } }, 3, /certificate/],
		[['up', ...lent, ...registry], trusting('wrong'), 3, /password|credentials|refuse/i],
		[['up', ...lent.slice(0, -1), 'nope', ...registry], trusting(), 3, /no context nope/],
		[
			['up', '--provider', 'existing', '--kubeconfig', '/nope', '--context', 'c', ...registry],
			trusting(),
			3,
			/no kubeconfig/,
		],
	];
	for (const [args, options, code, says] of refusals) {
		const outcome = await ann.run(args, options);
		assert.is(outcome.code, code, outcome.stderr);
		assert.match(outcome.stderr, says);
		assert.not.match(outcome.stderr, 'school-secret');
	}
	assert.equal(await ann.listLeftovers(), []);
	assert.equal(await listNamespaces(ann.name), []);
});

test('up makes namespaces of this environment, and kubectl begins in the mapped default', async () => {
	const { code, stderr, stdout } = await ann.run(
		['up', ...lent, '--registry', host, '--registry-username', 'ann', '-o', 'json'],
		trusting(),
	);
	assert.is(code, 0, stderr);
	assert.not.match(stdout + stderr, 'school-secret');
	assert.equal(await listNamespaces(ann.name), [
		`${ann.name}-default`,
		`${ann.name}-kubeproctor`,
		`${ann.name}-staging`,
	]);
	const own = join(ann.folder, 'kubeconfig');
	assert.is(
		await runTool('kubectl', ['--kubeconfig', own, 'config', 'view', '--minify', '-o', 'jsonpath={..namespace}']),
		`${ann.name}-default`,
	);
	const status = await ann.run(['status'], trusting());
	assert.is(status.code, 0, status.stdout);
	assert.match((await ann.run(['env'])).stdout, `REGISTRY='${host}'`);
});

test('up again needs no options, and changes nothing', async () => {
	const before = await readFile(join(ann.folder, 'environment.json'), 'utf8');
	const { code, stderr } = await ann.run(['up'], trusting());
	assert.is(code, 0, stderr);
	assert.is(await readFile(join(ann.folder, 'environment.json'), 'utf8'), before);
});

test('a Pod pulls from there with a Secret', async () => {
	const kubectl = (...args: string[]) => runTool('kubectl', ['--kubeconfig', join(ann.folder, 'kubeconfig'), ...args]);
	const login = ['--docker-username=ann', '--docker-password=school-secret', `--docker-server=${host}`];
	await kubectl('create', 'secret', 'docker-registry', 'mine', ...login);
	const overrides = JSON.stringify({ spec: { imagePullSecrets: [{ name: 'mine' }] } });
	await kubectl('run', 'mine', `--image=${host}/myapp:1.0`, `--overrides=${overrides}`);
	await kubectl('wait', '--for=condition=Ready', '--timeout=60s', 'pod', 'mine');
});

test('the lab is graded in the mapped namespaces, with the school’s own registry', async () => {
	const grade = async (...args: string[]) => {
		const { code, stdout, stderr } = await ann.run(['grade', '-o', 'json', ...args], trusting());
		assert.ok(stdout !== '', stderr);
		const report = JSON.parse(stdout) as Report;
		return { code, report, outcomes: report.tasks.map(({ outcome }) => outcome) };
	};
	assert.equal((await grade()).outcomes, ['fail', 'skip', 'fail', 'skip']);

	await solve(join(ann.folder, 'kubeconfig'), 'school-secret');
	const right = await grade();
	assert.is(right.code, 0, JSON.stringify(right.report, null, 1));
	assert.is(right.report.score.earned, 100);
	assert.match(right.report.notes.join(), /keeps no log/);

	// What a learner wrote is sent to a registry of others only where that was allowed.
	await solve(join(ann.folder, 'kubeconfig'), 'not-the-password');
	const untried = await grade('--task', '1');
	assert.is(untried.code, 3);
	assert.is(untried.report.tasks[0]?.checks[0]?.diagnosis?.reason, 'NotObserved');
	const tried = await grade('--task', '1', '--try-credentials');
	assert.is(tried.code, 1);
	assert.is(tried.report.tasks[0]?.checks[0]?.diagnosis?.reason, 'CredentialsRejected');
	assert.not.match(JSON.stringify(right.report), 'school-secret');
});

test('an image that is somebody else’s is not overwritten, and what was made for it is taken back', async () => {
	const { code, stderr } = await bob.run(['up', ...lent, '--registry', host, '--registry-username', 'ann'], trusting());
	assert.is(code, 3);
	assert.match(stderr, 'has another image under the name');
	assert.equal(await bob.listLeftovers(), []);
	assert.equal(await listNamespaces(bob.name), []);
	assert.is((await ann.run(['status'], trusting())).code, 0);
});

test('down --all leaves a lent cluster alone; down by name removes what is ours there and nothing else', async () => {
	const all = await runAll(['down', '--all']);
	assert.is(all.code, 2, all.stderr);
	await runTool('kubectl', ['--kubeconfig', kubeconfig, 'create', 'namespace', `${ann.name}-not-ours`]);
	const { code, stdout, stderr } = await ann.run(['down'], trusting());
	assert.is(code, 0, stderr);
	assert.match(stdout, `Removed namespace ${ann.name}-staging`);
	assert.match(stdout, `Removed image ${host}/myapp:1.0`);
	assert.equal(await listNamespaces(ann.name), [`${ann.name}-not-ours`]);
	assert.equal(await ann.listLeftovers(), []);
	assert.equal(await runEngine(['ps', '--quiet', '--filter', `name=${node}`]).then((ids) => ids.length), 1);
});

test('nodes that cannot reach the registry: their own words, and everything taken back, the image too', async () => {
	const certificate = `/etc/containerd/certs.d/${host}/ca.crt`;
	await runEngine(['exec', node, 'rm', certificate]);
	const { code, stderr } = await bob.run(['up', ...lent, '--registry', host, '--registry-username', 'ann'], trusting());
	assert.is(code, 3);
	assert.match(stderr, /refused, but not for want of credentials: .*x509/s);
	assert.match(stderr, /^Taking back what this run made: .*\/myapp:1\.0/m);
	assert.equal(await bob.listLeftovers(), []);
	assert.equal(await listNamespaces(bob.name), []);
	const script = `fetch('https://${host}/v2/myapp/manifests/1.0', { headers: { authorization: 'Basic ' + btoa('ann:school-secret'), accept: 'application/vnd.oci.image.index.v1+json' } }).then((answer) => console.log(answer.status))`;
	assert.is(await runTool(process.execPath, ['-e', script], { NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') }), '404\n');
});

test.run();

function trusting(password = 'school-secret'): RunOptions {
	return { env: { KUBEPROCTOR_REGISTRY_PASSWORD: password, NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') } };
}

/** Every task of the lab, as its learner would do it here. */
async function solve(own: string, password: string): Promise<void> {
	const kubectl = (...args: string[]) => runTool('kubectl', ['--kubeconfig', own, ...args]);
	const image = `--image=${host}/myapp:1.0`;
	const overrides = JSON.stringify({ spec: { imagePullSecrets: [{ name: 'my-registry-creds' }] } });
	await kubectl('delete', 'pod,secret', '--all', '--now');
	await kubectl('-n', `${ann.name}-staging`, 'delete', 'pod', '--all', '--now');
	const login = ['--docker-username=ann', `--docker-password=${password}`, `--docker-server=${host}`];
	await kubectl('create', 'secret', 'docker-registry', 'my-registry-creds', ...login);
	await kubectl('run', 'private-pod', image, `--overrides=${overrides}`);
	await kubectl('-n', `${ann.name}-staging`, 'run', 'no-creds-pod', image);
	await kubectl('patch', 'serviceaccount', 'default', '-p', '{"imagePullSecrets":[{"name":"my-registry-creds"}]}');
	await kubectl('run', 'sa-pod', image);
}

async function runAll(args: string[]) {
	const { runCli } = await import('./cli.ts');
	return runCli(args, { env: { KUBEPROCTOR_HOME: ann.home } });
}

async function listNamespaces(prefix: string): Promise<string[]> {
	const names = await runTool('kubectl', [
		'--kubeconfig',
		kubeconfig,
		'get',
		'namespaces',
		'-o',
		'jsonpath={.items[*].metadata.name}',
	]);
	return names
		.split(' ')
		.filter((name) => name.startsWith(`${prefix}-`))
		.sort();
}

async function makeCluster(): Promise<void> {
	const config = join(folder, 'kind.json');
	const patch = '[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n';
	await writeFile(
		config,
		JSON.stringify({ kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4', containerdConfigPatches: [patch] }),
	);
	const image = process.env['KUBEPROCTOR_NODE_IMAGE'];
	const choice = image === undefined ? [] : ['--image', image];
	await runTool('kind', [
		'create',
		'cluster',
		'--name',
		school.name,
		'--kubeconfig',
		kubeconfig,
		'--config',
		config,
		...choice,
	]);
}

/** With TLS by a certificate that this machine does not trust by itself; resolves to its address. */
async function makeRegistry(): Promise<string> {
	const settings = [
		'--env',
		'REGISTRY_HTTP_TLS_CERTIFICATE=/etc/kubeproctor/server.crt',
		'--env',
		'REGISTRY_HTTP_TLS_KEY=/etc/kubeproctor/server.key',
	];
	const format = '{{(index .NetworkSettings.Networks "kind").IPAddress}}';
	const [nodeAddress = ''] = await runEngine(['inspect', '--format', format, node]);
	// The address is known only once the registry runs, and it runs only with its certificate: so that names them all.
	const network = nodeAddress.replace(/\.\d+$/, '');
	const addresses = Array.from({ length: 253 }, (_, index) => `IP:${network}.${index + 2}`).join(',');
	const subject = ['-subj', '/CN=school', '-addext', `subjectAltName=${addresses}`];
	const files = ['-keyout', join(folder, 'server.key'), '-out', join(folder, 'ca.crt')];
	await runTool('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject]);
	await writeFile(join(folder, 'htpasswd'), await writeHtpasswdLine({ username: 'ann', password: 'school-secret' }));
	await runEngine(['create', '--name', container, '--network', 'kind', ...settings, 'registry:2']);
	await runEngine([
		'cp',
		join(findPackageFolder('registry-setup'), 'config.yml'),
		`${container}:/etc/docker/registry/config.yml`,
	]);
	await runEngine(['cp', `${folder}/.`, `${container}:/etc/kubeproctor`]);
	await runEngine(['cp', join(folder, 'ca.crt'), `${container}:/etc/kubeproctor/server.crt`]);
	await runEngine(['start', container]);
	const [address = ''] = await runEngine(['inspect', '--format', format, container]);
	const certs = `/etc/containerd/certs.d/${address}:5000`;
	await runEngine(['exec', node, 'mkdir', '-p', certs]);
	await runEngine(['cp', join(folder, 'ca.crt'), `${node}:${certs}/ca.crt`]);
	return address;
}
