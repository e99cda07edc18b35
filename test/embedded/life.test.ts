/** A whole life of an embedded environment: up, graded, solved, killed, brought back, taken down. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Report } from '../../src/model/report.ts';
import { cli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { bringUp, type EmbeddedEnvironment, openEmbedded, planEnvironment } from './environment.ts';

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
	assert.match(stderr, /does not answer at https:\/\/127\.0\.0\.1:\d+.*kubeproctor up/s);

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

test('down removes what is left of one whose process is dead, or that was never made', async () => {
	const environment = await openEmbedded('ruin');
	try {
		process.kill(environment.record().pid, 'SIGKILL');
		const { code, stdout } = await environment.run('down');
		assert.is(code, 0);
		assert.match(stdout, /Removed embedded cluster ruin/);
		assert.not.ok(existsSync(environment.folder));
		assert.match((await environment.run('down', '-o', 'json')).stdout, /"removed": \[\]/);
	} finally {
		await environment.close();
	}
});

test('a process whose folder is gone ends by itself', async () => {
	const environment = await openEmbedded('lost');
	const { pid } = environment.record();
	rmSync(environment.folder, { recursive: true });
	await ended(pid);
	await environment.close();
});

test('two stand side by side, and know nothing of each other', async () => {
	const one = planEnvironment('one');
	const other = planEnvironment('other', one.env['KUBEPROCTOR_HOME']);
	try {
		await Promise.all([bringUp(one), bringUp(other)]);
		await one.kubectl('create', 'configmap', 'mine');
		assert.not.match(await other.kubectl('get', 'configmaps', '-o', 'name'), 'mine');
		assert.is((await one.run('down')).code, 0);
		assert.is((await other.run('status')).code, 0);
	} finally {
		await other.run('down');
		await one.close();
	}
});

test('of two at once on one environment the second is told to wait', async () => {
	const environment = planEnvironment('busy');
	try {
		const runs = await Promise.all([1, 2].map(() => environment.run('up', '--provider', 'embedded')));
		assert.equal(runs.map(({ code }) => code).sort(), [0, 3]);
		assert.match(runs.find(({ code }) => code === 3)?.stderr ?? '', /is at work on this environment/);
		assert.is((await environment.run('status')).code, 0);
	} finally {
		await environment.close();
	}
});

test('a registry port that was asked for is used, or said to be taken', async () => {
	const environment = planEnvironment('port');
	const port = await findFreePort();
	const release = await occupy(port);
	try {
		const refused = await environment.run('up', '--provider', 'embedded', '--registry-port', String(port));
		assert.is(refused.code, 3);
		assert.match(refused.stderr, `Port ${port} of 127.0.0.1 is taken`);
		assert.not.ok(existsSync(environment.folder));
		release();
		await bringUp(environment, '--registry-port', String(port));
		assert.is(environment.record().registries['registry.example.com'], `http://127.0.0.1:${port}`);
	} finally {
		release();
		await environment.close();
	}
});

test('in the foreground it takes over, lives until it is asked to stop, and another up goes on with it', async () => {
	const environment = await openEmbedded('fore');
	const background = environment.record().pid;
	const child = spawn(process.execPath, [cli, '--name', 'fore', 'up', '--provider', 'embedded', '--foreground'], {
		env: { ...process.env, ...environment.env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	try {
		const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
		await new Promise<void>((resolve, reject) => {
			child.stderr.setEncoding('utf8').on('data', (text: string) => text.includes('Running until Ctrl-C') && resolve());
			child.on('close', () => reject(new Error('it did not stay')));
		});
		assert.is(environment.record().pid, child.pid);
		await ended(background);
		await environment.kubectl('create', 'configmap', 'kept');
		child.kill('SIGINT');
		assert.is(await closed, 0);
		await bringUp(environment);
		assert.match(await environment.kubectl('get', 'configmaps', '-o', 'name'), 'kept');
	} finally {
		child.kill('SIGKILL');
		await environment.close();
	}
});

test('what does not go with it is refused before anything is made', async () => {
	const environment = planEnvironment('wrong');
	for (const options of [['--workers', '2'], ['--node-image', 'x'], ['--merge-kubeconfig'], ['--context', 'x']]) {
		const { code, stderr } = await environment.run('up', '--provider', 'embedded', ...options);
		assert.is(code, 2, stderr);
		assert.match(stderr, options[0] ?? '');
	}
	assert.equal(readdirSync(environment.env['KUBEPROCTOR_HOME'] ?? ''), []);
	await environment.close();
});

/** Resolves once the process is gone. */
async function ended(pid: number): Promise<void> {
	for (let left = 1000; left > 0; left--) {
		try {
			process.kill(pid, 0);
			if (readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) return;
		} catch {
			return;
		}
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error(`process ${pid} lives on`);
}

/** A process that was killed may hold its ports for a moment, until its last thread is gone. */
async function occupy(port: number): Promise<() => void> {
	for (let left = 100; ; left--) {
		try {
			return await listen(port);
		} catch (error) {
			if (left === 0) throw error;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}
}

function listen(port: number): Promise<() => void> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(port, '127.0.0.1', () => resolve(() => server.close()));
	});
}

function findFreePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer();
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as { port: number };
			server.close(() => resolve(port));
		});
	});
}

test.run();
