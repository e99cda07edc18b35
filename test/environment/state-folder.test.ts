/** Files of an environment: for one account's eyes, whole or not at all. */

import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { makePassword } from '../../src/environment/credentials.ts';
import { mergeLog, readPullLog } from '../../src/environment/pull-log.ts';
import { listStateFolders, StateFolder } from '../../src/environment/state-folder.ts';
import type { RegistryRecord } from '../../src/model/environment.ts';
import { describeWriteError, LabError } from '../../src/model/error.ts';
import { suite } from '../harness.ts';

const test = suite('environment/state-folder');
const home = await mkdtemp(join(tmpdir(), 'kubeproctor-state-'));
const line = (second: number) =>
	`172.18.0.2 - - [23/Nov/2026:04:00:0${second} +0000] "GET /v2/myapp/manifests/1.0 HTTP/1.1" 200 500 "" "containerd/2.1.9"`;
const registry: RegistryRecord = {
	host: 'registry.example.com',
	endpoint: 'http://127.0.0.1:1',
	username: 'myuser',
	ownership: 'ours',
	instance: 'abc',
	container: 'a-registry',
	lostBefore: null,
};

test.after(() => rm(home, { recursive: true }));

test('nobody else can read them, whatever the umask', async () => {
	const before = process.umask(0);
	const state = new StateFolder(home, 'a');
	await state.prepare();
	await state.writeCredentials({ 'registry.example.com': { username: 'myuser', password: 'p' } });
	process.umask(before);
	assert.is((await stat(state.path)).mode & 0o777, 0o700);
	assert.is((await stat(join(state.path, 'credentials.json'))).mode & 0o777, 0o600);
	assert.equal(await readdir(state.path), ['credentials.json']);
	assert.equal(await listStateFolders(home), ['a']);
});

test('what is absent or torn is as if nothing had been written down', async () => {
	const state = new StateFolder(home, 'b');
	assert.is(await state.readRecord(), null);
	await state.prepare();
	await writeFile(join(state.path, 'environment.json'), '{"schemaVersion": 1, ');
	await writeFile(join(state.path, 'credentials.json'), '');
	assert.is(await state.readRecord(), null);
	assert.equal(await state.readCredentials(), {});
	assert.is(await state.remove(), true);
	assert.is(await state.remove(), false);
});

test('a home that is a file is told with its remedy', async () => {
	const file = join(home, 'file');
	await writeFile(file, '');
	try {
		await new StateFolder(file, 'c').prepare();
		assert.unreachable();
	} catch (error) {
		assert.ok(error instanceof LabError);
		assert.is(error.code, 'home-not-writable');
	}
});

test('a folder that cannot be made is not told to be absent', () => {
	// As Node has it on a disk that is mounted for reading only.
	const error = Object.assign(new Error("ENOENT: no such file or directory, mkdir '/ro/home'"), {
		...{ code: 'ENOENT', syscall: 'mkdir', path: '/ro/home' },
	});
	assert.is(describeWriteError(error), 'no folder can be made at /ro/home.');
	assert.is(describeWriteError(new Error('EROFS')), 'EROFS');
});

test('a log grows by what is new, and outlives its container', async () => {
	await mkdir(join(home, 'environments'), { recursive: true });
	const state = new StateFolder(home, 'd');
	await state.prepare();
	await mergeLog(state, 'a-registry', `noise\n${line(1)}\n${line(2)}\n`);
	const merged = await readPullLog(state, registry, 'a-registry', `${line(2)}\n${line(3)}\nmore noise`);
	assert.equal(
		merged.records.map(({ time }) => time.slice(17, 19)),
		['01', '02', '03'],
	);
	assert.is(merged.lostBefore, null);
	const gone = await readPullLog(state, registry, 'a-registry', null);
	assert.is(gone.records.length, 3);
	assert.ok(Date.parse(gone.lostBefore ?? '') > Date.now() - 60_000);
});

test('a random password is long, and never the same', () => {
	const passwords = new Set(Array.from({ length: 200 }, makePassword));
	assert.is(passwords.size, 200);
	for (const password of passwords) assert.match(password, /^[a-zA-Z346789]{24}$/);
	assert.not.match([...passwords].join(''), /[0O1lI5S2Zo]/);
});

test.run();
