/** Our client against a real registry:2 with passwords, and its image under a real container engine. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { LabError } from '../../../src/model/error.ts';
import type { Credentials } from '../../../src/model/registry.ts';
import { openRegistryClient, type RegistryClient } from '../../../src/oci/client.ts';
import { writeHtpasswdLine } from '../../../src/oci/htpasswd.ts';
import { buildSampleImage } from '../../../src/oci/image.ts';
import { parsePullLog } from '../../../src/oci/pull-log.ts';
import { findPackageFolder } from '../../../src/package-root.ts';
import { suite } from '../../harness.ts';
import { imageOf } from '../../oci/image-of.ts';

const test = suite('cluster/oci/registry', { timeout: 120 });
const learner: Credentials = { username: 'myuser', password: 'mypassword' };
const container = `kubeproctor-test-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-test-'));
const image = await buildSampleImage({ environment: 'test-1' });
const port = await pickPort();
const endpoint = `http://127.0.0.1:${port}`;

test.before(async () => {
	await docker('create', '--name', container, '--publish', `127.0.0.1:${port}:5000`, 'registry:2');
	mkdirSync(join(folder, 'etc/kubeproctor'), { recursive: true });
	writeFileSync(join(folder, 'etc/kubeproctor/htpasswd'), await writeHtpasswdLine(learner));
	await docker(
		'cp',
		join(findPackageFolder('registry-setup'), 'config.yml'),
		`${container}:/etc/docker/registry/config.yml`,
	);
	await docker('cp', join(folder, 'etc'), `${container}:/`);
	await start();
});

test.after(async () => {
	await docker('rm', '--force', '--volumes', container);
	rmSync(folder, { recursive: true });
});

test('the configuration is taken without a warning, and nobody gets in without a password', async () => {
	const { stderr } = await docker('logs', container);
	assert.not.match(stderr, /level=(warning|error|fatal)(?!.*error authorizing)/);
	assert.is(await pingWithoutPassword(), 'registry-unauthorized');
});

test('a push, and a second one that sends nothing', async () => {
	const first = await withClient(learner, (client) => client.pushImage(image, 'myapp', '1.0'));
	assert.is(first.uploaded.length, 7);
	const second = await withClient(learner, (client) => client.pushImage(image, 'myapp', '1.0'));
	assert.equal(second, { ...first, uploaded: [] });
	assert.equal(await withClient(learner, (client) => client.pullImage('myapp', '1.0')), image);
});

test('credentials and references are told apart', async () => {
	const statuses: Record<string, number> = {};
	for (const [name, reference, credentials] of [
		['right', '1.0', learner],
		['by digest', image.index.descriptor.digest, learner],
		['wrong password', '1.0', { ...learner, password: 'nope' }],
		['wrong user', '1.0', { ...learner, username: 'nobody' }],
		['none', '1.0', null],
		['absent tag', '9.9', learner],
	] as const) {
		const result = await withClient(null, (client) => client.probeManifest('myapp', reference, credentials));
		if (result.outcome !== 'answered') throw new Error(result.message);
		statuses[name] = result.status;
		if (result.status === 200) assert.is(result.digest, image.index.descriptor.digest);
	}
	assert.equal(statuses, {
		right: 200,
		'by digest': 200,
		'wrong password': 401,
		'wrong user': 401,
		none: 401,
		'absent tag': 404,
	});
});

test('it greets, and stops within a second as the first process of a container', async () => {
	const reference = `${new URL(endpoint).host}/myapp:1.0`;
	const config = join(folder, 'docker');
	mkdirSync(config, { mode: 0o700 });
	const auth = Buffer.from(`${learner.username}:${learner.password}`).toString('base64');
	writeFileSync(join(config, 'config.json'), JSON.stringify({ auths: { [new URL(endpoint).host]: { auth } } }));
	await docker('--config', config, 'pull', '--quiet', reference);
	try {
		for (const signal of ['SIGTERM', 'SIGINT']) {
			const limits = ['--user', '12345', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
			const { stdout: id } = await docker('run', '--detach', ...limits, '--stop-signal', signal, reference);
			try {
				await until(async () => (await docker('logs', id)).stdout.includes('Hello from'));
				const before = performance.now();
				await docker('stop', '--time', '10', id);
				assert.ok(performance.now() - before < 1_000, `${performance.now() - before} ms`);
				assert.is((await docker('inspect', '--format', '{{.State.ExitCode}}', id)).stdout, '0');
			} finally {
				await docker('rm', '--force', id);
			}
		}
	} finally {
		await docker('rmi', reference);
	}
});

test('the log tells who pulled what', async () => {
	const records = parsePullLog((await docker('logs', container)).stdout);
	const pulls = records.filter(({ userAgent }) => userAgent.startsWith('docker/'));
	assert.ok(pulls.some(({ status, reference }) => status === 200 && reference === '1.0'));
	assert.ok(records.some(({ status, userAgent }) => status === 401 && userAgent === 'kubeproctor'));
	assert.ok(records.every(({ repository }) => repository === 'myapp'));
});

test('a line that a stranger writes into the log is not believed', async () => {
	const before = parsePullLog((await docker('logs', container)).stdout);
	const line =
		'172.18.0.2 - - [23/Nov/2026:04:50:00 +0000] "HEAD /v2/myapp/manifests/1.0 HTTP/1.1" 200 762 "" "containerd"';
	const user = Buffer.from(`- x\n${line}\nb`).toString('hex').replace(/../g, '%$&');
	const request = `GET http://${user}@registry/v2/ HTTP/1.1\r\nHost: registry\r\nConnection: close\r\n\r\n`;
	await sendRaw(request);
	await until(async () => (await docker('logs', container)).stdout.includes('@registry'));
	assert.equal(parsePullLog((await docker('logs', container)).stdout), before);
});

test('killed between two chunks of a push: it goes on after the start, and the image is whole', async () => {
	const large = imageOf(randomBytes(3_000_000));
	const log: string[] = [];
	const client = openRegistryClient({ endpoint, credentials: learner, log: (text) => log.push(text) });
	try {
		const pushing = client.pushImage(large, 'large', '1', { chunkSize: 20_000 });
		await until(async () => (await docker('logs', container)).stdout.split('"PATCH ').length > 20, 10);
		await docker('kill', container);
		await start();
		const { digest } = await pushing;
		assert.is(digest, large.index.descriptor.digest);
		assert.ok(log.length > 0, 'the push was over before the registry was killed');
		assert.equal(await client.pullImage('large', '1'), large);
	} finally {
		client.close();
	}
});

async function start(): Promise<void> {
	await docker('start', container);
	// Not by fetch: that of Node 20 sometimes never settles while the engine's proxy has nobody behind it yet.
	await until(async () => (await pingWithoutPassword()) === 'registry-unauthorized');
}

async function pingWithoutPassword(): Promise<string> {
	const thrown = await withClient(null, (client) => client.ping()).catch((error: unknown) => error);
	assert.instance(thrown, LabError);
	return (thrown as LabError).code;
}

async function withClient<T>(
	credentials: Credentials | null,
	action: (client: RegistryClient) => Promise<T>,
): Promise<T> {
	const client = openRegistryClient({ endpoint, credentials });
	try {
		return await action(client);
	} finally {
		client.close();
	}
}

function docker(...args: string[]) {
	return execa('docker', args);
}

async function until(isSo: () => Promise<boolean>, pause = 50): Promise<void> {
	for (const deadline = Date.now() + 20_000; !(await isSo()); await sleep(pause)) {
		if (Date.now() > deadline) throw new Error('waited 20 s in vain');
	}
}

async function pickPort(): Promise<number> {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as net.AddressInfo;
	server.close();
	return port;
}

async function sendRaw(request: string): Promise<void> {
	const socket = net.connect(Number(new URL(endpoint).port), '127.0.0.1');
	socket.end(request);
	socket.resume();
	await once(socket, 'close');
}

test.run();
