/** Embedded environments beside each other, half gone, in the foreground, or asked for what they have not. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { cli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { bringUp, openEmbedded, planEnvironment } from './environment.ts';
import { ended, findFreePort, occupy } from './surroundings.ts';

const test = suite('several embedded environments', { timeout: 60 });

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
		assert.match(
			(await other.run('grade')).stdout,
			'(kubeproctor --name other credentials --password shows the password.)',
		);
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
	// The home itself goes too once nothing is in it.
	const home = environment.env['KUBEPROCTOR_HOME'] ?? '';
	assert.equal(existsSync(home) ? readdirSync(home) : [], []);
	await environment.close();
});

test.run();
