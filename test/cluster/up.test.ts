/** One environment, from nothing through everything that can happen to it, to nothing. */

import { once } from 'node:events';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { openWorld, runEngine, runTool } from './cli.ts';

const test = suite('cluster/up', { timeout: 240 });
const world = await openWorld();
const kubeconfig = join(world.folder, 'kubeconfig');
const container = `${world.name}-registry`;
const node = `${world.name}-control-plane`;

interface Result {
	ready: boolean;
	context: string;
	registry: { host: string; endpoint: string; username: string };
	images: { digest: string }[];
}

let first: Result;

test.after(() => world.close());

test('up makes everything, and prints one document', async () => {
	const { code, stdout, stderr } = await world.run(['up', '-o', 'json']);
	assert.is(code, 0, stderr);
	first = JSON.parse(stdout) as Result;
	assert.is(first.ready, true);
	assert.is(first.context, `kind-${world.name}`);
	assert.is(first.registry.host, 'registry.example.com');
	assert.match(first.registry.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
	assert.not.match(first.registry.endpoint, ':5000');
	assert.not.match(stdout + stderr, 'mypassword');
	assert.equal(await listUnwell(), []);
});

test('the Pods without credentials are refused for want of them, under both policies', async () => {
	const pods = JSON.parse(await kubectl('-n', 'kubeproctor', 'get', 'pods', '-o', 'json')) as {
		items: { spec: { containers: { imagePullPolicy: string }[] }; status: { containerStatuses: unknown } }[];
	};
	assert.equal(pods.items.map((pod) => pod.spec.containers[0]?.imagePullPolicy).sort(), ['Always', 'IfNotPresent']);
	for (const pod of pods.items) assert.match(JSON.stringify(pod.status.containerStatuses), 'no basic auth credentials');
});

test('a Pod with the right Secret runs, under the name of the lesson and under the others', async () => {
	const { port } = new URL(first.registry.endpoint);
	const hosts = ['registry.example.com', `localhost:${port}`, `${container}:5000`];
	for (const [index, host] of hosts.entries()) {
		const login = ['--docker-username=myuser', '--docker-password=mypassword', `--docker-server=${host}`];
		await kubectl('create', 'secret', 'docker-registry', `s${index}`, ...login);
		const overrides = JSON.stringify({ spec: { imagePullSecrets: [{ name: `s${index}` }] } });
		await kubectl(
			'run',
			`p${index}`,
			`--image=${host}/myapp:1.0`,
			'--image-pull-policy=Always',
			`--overrides=${overrides}`,
		);
	}
	await kubectl('wait', '--for=condition=Ready', '--timeout=60s', 'pod', 'p0', 'p1', 'p2');
	const imageId = await kubectl('get', 'pod', 'p0', '-o', 'jsonpath={.status.containerStatuses[0].imageID}');
	assert.match(imageId, `/myapp@${first.images[0]?.digest}`);
	await kubectl('delete', 'pod', 'p0', 'p1', 'p2', '--now');
});

test('other tools learn of the registry (KEP-1755)', async () => {
	const text = await kubectl('-n', 'kube-public', 'get', 'configmap', 'local-registry-hosting', '-o', 'yaml');
	assert.match(text, `localhost:${new URL(first.registry.endpoint).port}`);
	assert.match(text, `hostFromClusterNetwork: "${container}:5000"`);
});

test('no node holds credentials, and no file of ours can be read by others', async () => {
	const password = Buffer.from('myuser:mypassword').toString('base64');
	const search = `grep -rlE 'mypassword|${password}' /etc /root /var/lib/kubelet/config.json 2>/dev/null || true`;
	assert.equal(await runEngine(['exec', node, 'sh', '-c', search]), []);
	assert.is((await stat(world.folder)).mode & 0o077, 0);
	for (const file of ['environment.json', 'credentials.json', 'kubeconfig']) {
		assert.is((await stat(join(world.folder, file))).mode & 0o077, 0, file);
	}
	assert.not.match((await runEngine(['inspect', container])).join('\n'), 'mypassword');
	assert.not.match(await readFile(join(world.folder, 'environment.json'), 'utf8'), 'mypassword');
});

test('env is for a shell, and credentials tells the password only when asked', async () => {
	const { stdout: exports } = await world.run(['env']);
	const script = `${exports}\nprintf '%s|' "$KUBECONFIG" "$REGISTRY" "$REGISTRY_ENDPOINT" "$REGISTRY_USERNAME"`;
	const { host, endpoint, username } = first.registry;
	assert.is(await runTool('sh', ['-c', script]), `${kubeconfig}|${host}|${endpoint}|${username}|`);
	assert.not.match((await world.run(['credentials'])).stdout, 'mypassword');
	assert.match((await world.run(['credentials', '--password'])).stdout, /^password +mypassword$/m);
});

test('up again finds everything there, and leaves a learner alone', async () => {
	await kubectl('create', 'configmap', 'mine');
	const again = await runAgain();
	assert.equal({ ...again, seconds: 0 }, { ...first, seconds: 0 });
});

test('a registry that was stopped is started', async () => {
	await runEngine(['stop', '--time', '1', container]);
	const { code, stdout } = await world.run(['status']);
	assert.is(code, 3);
	assert.match(stdout, /^✘ registry/m);
	assert.equal((await runAgain()).registry, first.registry);
});

test('a registry that was deleted is made again, with the same port and the same image', async () => {
	await runEngine(['rm', '-f', '-v', container]);
	const again = await runAgain();
	assert.equal(again.registry, first.registry);
	assert.equal(again.images, first.images);
});

test('a password that was changed is put back', async () => {
	const file = join(world.home, 'htpasswd');
	await writeFile(file, 'myuser:$2y$05$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu\n');
	await runEngine(['cp', file, `${container}:/etc/kubeproctor/htpasswd`]);
	await runEngine(['restart', '--time', '1', container]);
	assert.is((await world.run(['status'])).code, 3);
	await runAgain();
});

test('a state folder that was lost is made again from what is there', async () => {
	const aside = join(world.home, 'aside');
	await rename(world.folder, aside);
	assert.is((await world.run(['status'])).code, 3);
	const again = await runAgain();
	await rm(aside, { recursive: true });
	assert.equal(again.images, first.images);
	assert.equal(again.registry, first.registry);
});

test('a kubeconfig that is broken, or points nowhere, is made again; another one gets the cluster when asked', async () => {
	const own = join(world.home, 'own-kubeconfig');
	await writeFile(own, JSON.stringify({ apiVersion: 'v1', kind: 'Config', contexts: [{ name: 'mine', context: {} }] }));
	const good = await readFile(kubeconfig, 'utf8');
	await writeFile(kubeconfig, 'clusters: [');
	await runAgain();
	await writeFile(kubeconfig, good.replace(/server: .*/, 'server: https://127.0.0.1:1'));
	assert.is((await world.run(['status'])).code, 3);
	const merged = await world.run(['up', '--merge-kubeconfig'], { env: { KUBECONFIG: own } });
	assert.is(merged.code, 0, merged.stderr);
	assert.is(await runTool('kubectl', ['--kubeconfig', own, 'config', 'current-context']), `kind-${world.name}\n`);
	assert.equal(await listUnwell(), []);
});

test('namespaces of ours that were deleted are made again', async () => {
	await kubectl('delete', 'namespace', 'kubeproctor', 'staging', '--wait=false');
	await runAgain();
});

test('everything that was stopped, as by a reboot, comes back with the learner’s work in it', async () => {
	await runEngine(['stop', '--time', '2', container]);
	await keepAddress(node);
	await runEngine(['stop', '--time', '2', node]);
	assert.match((await world.run(['status'])).stdout, /^✘ cluster .*stopped/m);
	await runAgain();
	assert.match(await kubectl('get', 'configmap', 'mine', '-o', 'name'), 'configmap/mine');
});

test('a registry whose port was taken meanwhile gets another one, and its log is kept', async () => {
	await runEngine(['stop', '--time', '1', container]);
	const { port } = new URL(first.registry.endpoint);
	const thief = createServer().listen(Number(port), '127.0.0.1');
	await once(thief, 'listening');
	try {
		const again = await runAgain();
		assert.is.not(again.registry.endpoint, first.registry.endpoint);
		assert.equal(again.images, first.images);
		const refused = await world.run(['up', '--registry-port', port]);
		assert.is(refused.code, 3);
		assert.match(refused.stderr, /Port \d+ of 127\.0\.0\.1 is taken/);
	} finally {
		thief.close();
	}
	const record = JSON.parse(await readFile(join(world.folder, 'environment.json'), 'utf8')) as {
		registries: { lostBefore: string | null }[];
	};
	assert.is.not(record.registries[0]?.lostBefore, undefined);
	assert.match(await readFile(join(world.folder, `${container}.log`), 'utf8'), '/v2/myapp/manifests/1.0');
});

test('down removes all of it, and says what', async () => {
	const fillers = await runEngine(['ps', '--all', '--quiet', '--filter', `name=${world.name}-filler`]);
	if (fillers.length > 0) await runEngine(['rm', '-f', '-v', ...fillers]);
	const mounts = await runEngine(['inspect', '--format', '{{range .Mounts}}{{.Name}} {{end}}', container, node]);
	const volumes = mounts
		.join(' ')
		.split(' ')
		.filter((name) => name !== '');
	assert.ok(volumes.length >= 2);
	const { code, stdout } = await world.run(['down', '-o', 'json']);
	assert.is(code, 0);
	const { environments } = JSON.parse(stdout) as { environments: { removed: string[] }[] };
	assert.is(environments[0]?.removed.length, 4, stdout);
	const contexts = await runTool('kubectl', [
		'--kubeconfig',
		join(world.home, 'own-kubeconfig'),
		'config',
		'get-contexts',
		'-o',
		'name',
	]);
	assert.is(contexts, 'mine\n');
	assert.equal(await world.listLeftovers(), []);
	const left = await runEngine(['volume', 'ls', '--quiet']);
	assert.equal(
		volumes.filter((name) => left.includes(name)),
		[],
	);
	assert.match((await world.run(['down'])).stdout, 'nothing to remove');
});

test.run();

async function runAgain(): Promise<Result> {
	const { code, stdout, stderr } = await world.run(['up', '-o', 'json']);
	assert.is(code, 0, stderr);
	assert.equal(await listUnwell(), []);
	return JSON.parse(stdout) as Result;
}

/**
 * An engine hands out the lowest address that is free. kind's own node image copes with a new one, others need not; so
 * everything below the node's address is occupied, by containers that carry this world's name.
 */
async function keepAddress(name: string): Promise<void> {
	const format = '{{(index .NetworkSettings.Networks "kind").IPAddress}}';
	const [kept = ''] = await runEngine(['inspect', '--format', format, name]);
	for (let index = 0; index < 20; index++) {
		const filler = `${world.name}-filler-${index}`;
		await runEngine(['run', '--detach', '--network', 'kind', '--name', filler, 'registry:2']);
		const [address = ''] = await runEngine(['inspect', '--format', format, filler]);
		if (toNumber(address) > toNumber(kept)) return void (await runEngine(['rm', '-f', '-v', filler]));
	}
}

function toNumber(address: string): number {
	return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

async function listUnwell(): Promise<unknown[]> {
	const { stdout } = await world.run(['status', '-o', 'json']);
	const { parts } = JSON.parse(stdout) as { parts: { isWell: boolean }[] };
	assert.is(parts.length, 6);
	return parts.filter((part) => !part.isWell);
}

function kubectl(...args: string[]): Promise<string> {
	return runTool('kubectl', ['--kubeconfig', kubeconfig, ...args]);
}
