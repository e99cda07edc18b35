/** What can be wrong with a machine: each is said plainly, and nothing is left behind or touched that is not ours. */

import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { openWorld, runEngine, runTool } from './cli.ts';

const test = suite('cluster/faults', { timeout: 180 });
const world = await openWorld();
const folder = await mkdtemp(join(tmpdir(), 'kubeproctor-faults-'));

test.after.each(async () => {
	await world.run(['down']);
});
test.after(async () => {
	await world.close();
	await rm(folder, { recursive: true });
});

test('no engine answers: up and down say so, and forget nothing', async () => {
	const env = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
	for (const args of [['up', '--provider', 'kind'], ['down']]) {
		const { code, stderr } = await world.run(args, { env });
		assert.is(code, 3, `${args.join(' ')}: ${stderr}`);
		assert.match(stderr, /(docker|engine) does not answer: Cannot connect/);
		assert.match(stderr, 'Start Docker Desktop');
	}
	assert.equal(await world.listLeftovers(), []);
});

test('the engine dies during up: told with what could not be taken back, and down removes that later', async () => {
	const line = await openEngineLine();
	const { code, stderr } = await world.run(['up'], {
		env: { DOCKER_HOST: `unix://${line.path}` },
		onMatch: { at: /^✔ Registry/m, act: () => line.cut() },
	});
	assert.is(code, 3);
	assert.match(stderr, /does not answer: Cannot connect/);
	assert.match(stderr, /could not be taken back/);
	assert.match(stderr, /kubeproctor (--name \S+ )?down removes what is left/);
	assert.ok((await world.listLeftovers()).length > 0);
	assert.is((await world.run(['down'])).code, 0);
	assert.equal(await world.listLeftovers(), []);
});

test('everything that is missing is named at once', async () => {
	const tools = join(folder, 'tools');
	await mkdir(tools);
	await symlink(process.execPath, join(tools, 'node'));
	const { code, stderr } = await world.run(['up', '--provider', 'kind'], { env: { PATH: tools } });
	assert.is(code, 3);
	for (const what of ['kind is not installed', 'kubectl is not installed', 'no container engine'])
		assert.match(stderr, what);
	assert.equal(await world.listLeftovers(), []);
});

test('programs that are too old are named with the version that works', async () => {
	const tools = join(folder, 'old-tools');
	await mkdir(tools);
	await writeFile(join(tools, 'kind'), '#!/bin/sh\necho kind v0.19.0 go1.20.4 linux/amd64\n', { mode: 0o755 });
	const { code, stderr } = await world.run(['up', '--provider', 'kind'], {
		env: { PATH: `${tools}:${process.env['PATH']}` },
	});
	assert.is(code, 3);
	assert.match(stderr, 'kind 0.19.0 is too old: 0.20');
});

test('a port that is taken', async () => {
	const thief = createServer().listen(0, '127.0.0.1');
	await once(thief, 'listening');
	const port = String((thief.address() as { port: number }).port);
	const { code, stderr } = await world.run(['up', '--registry-port', port]);
	thief.close();
	assert.is(code, 3);
	assert.match(stderr, `Port ${port} of 127.0.0.1 is taken`);
	assert.equal(await world.listLeftovers(), []);
});

test('kind fails half-way: its words, and everything taken back', async () => {
	const { code, stderr } = await world.run(['up', '--node-image', 'registry:2']);
	assert.is(code, 3);
	assert.match(stderr, `kind could not make cluster ${world.name}`);
	assert.equal(await world.listLeftovers(), []);
});

test('a node image that cannot be had', async () => {
	const { code, stderr } = await world.run(['up', '--node-image', 'localhost:1/no/such:image']);
	assert.is(code, 3);
	assert.match(stderr, 'localhost:1/no/such:image');
	assert.match(stderr, '--node-image');
	assert.equal(await world.listLeftovers(), []);
});

test('a cluster of that name that somebody else made is never touched', async () => {
	const kubeconfig = join(folder, 'foreign-kubeconfig');
	const image = process.env['KUBEPROCTOR_NODE_IMAGE'];
	const choice = image === undefined ? [] : ['--image', image];
	await runTool('kind', ['create', 'cluster', '--name', world.name, '--kubeconfig', kubeconfig, ...choice]);
	const nodes = () =>
		runEngine(['ps', '--no-trunc', '--format', '{{.ID}} {{.Names}}', '--filter', `name=${world.name}-`]);
	const before = await nodes();
	for (const command of ['up', 'down']) {
		const { code, stderr } = await world.run([command]);
		assert.is(code, 3);
		assert.match(stderr, `kind cluster ${world.name} that kubeproctor did not make`);
	}
	assert.equal(await nodes(), before);
	assert.is(
		(await runTool('kubectl', ['--kubeconfig', kubeconfig, 'get', 'namespaces', '-o', 'name'])).includes('kubeproctor'),
		false,
	);
	await runTool('kind', ['delete', 'cluster', '--name', world.name, '--kubeconfig', kubeconfig]);
});

test('a container of the registry’s name that somebody else made is never touched', async () => {
	const name = `${world.name}-registry`;
	const [id] = await runEngine(['create', '--name', name, 'registry:2']);
	const { code, stderr } = await world.run(['up']);
	assert.is(code, 3);
	assert.match(stderr, `container ${name} that kubeproctor did not make`);
	assert.match((await world.run(['down'])).stdout, 'nothing to remove');
	assert.equal(await runEngine(['ps', '--all', '--quiet', '--no-trunc', '--filter', `name=${name}`]), [id]);
	await runEngine(['rm', '-v', name]);
});

test('a home that cannot be written', async () => {
	const file = join(folder, 'a-file');
	await writeFile(file, '');
	const { code, stderr } = await world.run(['up'], { env: { KUBEPROCTOR_HOME: file } });
	assert.is(code, 3);
	assert.match(stderr, 'KUBEPROCTOR_HOME');
	assert.equal(await world.listLeftovers(), []);
	await rm(file);
});

test('a disk that is full', async () => {
	const disk = join(folder, 'disk');
	await mkdir(disk);
	await runTool('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', disk]);
	try {
		await writeFile(join(disk, 'ballast'), Buffer.alloc(12 * 1024));
		const { code, stderr } = await world.run(['up'], { env: { KUBEPROCTOR_HOME: disk } });
		assert.is(code, 3);
		assert.match(stderr, 'Free some disk space');
		assert.equal(await world.listLeftovers(), []);
	} finally {
		await runTool('umount', [disk]);
	}
});

test('bad wishes are refused before anything begins', async () => {
	const bad: [string[], RegExp][] = [
		[['up', 'no-such-lab'], /no lab no-such-lab/],
		[['up', '--provider', 'nope'], /nope/],
		[['up', '--workers', 'x'], /--workers/],
		[['up', '--registry-port', '70000'], /--registry-port/],
		[['up', '--registry', 'r.example'], /existing cluster/],
		[['up', '--provider', 'existing'], /context/],
		[['up', '--provider', 'existing', '--context', 'c'], /registry/],
		[['up', '--provider', 'existing', '--context', 'c', '--workers', '1'], /--workers/],
	];
	for (const [args, says] of bad) {
		const { code, stderr } = await world.run(args);
		assert.is(code, 2, `${args.join(' ')}: ${stderr}`);
		assert.match(stderr, says);
	}
	const named = await world.run(['--name', 'Not_A_Name', 'up']);
	assert.is(named.code, 2);
	assert.equal(await world.listLeftovers(), []);
});

test.run();

/** The engine, by a way that can be cut. */
async function openEngineLine(): Promise<{ path: string; cut(): void }> {
	const path = join(folder, 'engine.sock');
	const sockets = new Set<Socket>();
	const server = createServer({ allowHalfOpen: true }, (near) => {
		const far = connect({ path: '/var/run/docker.sock', allowHalfOpen: true });
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.on('error', () => {});
		}
		near.pipe(far).pipe(near);
	});
	server.listen(path);
	await once(server, 'listening');
	return {
		path,
		cut() {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}
