/** One at a time; a dead holder's lock is taken over, and what it left running is ended. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { takeLock } from '../../src/environment/lock.ts';
import { LabError } from '../../src/model/error.ts';
import { describeProcess, isAlive } from '../../src/process-table.ts';
import { withLock } from '../../src/session.ts';
import { suite } from '../harness.ts';

const test = suite('environment/lock');
const folder = await mkdtemp(join(tmpdir(), 'kubeproctor-lock-'));
let file: string;
let count = 0;

test.before.each(() => {
	file = join(folder, `${++count}`, 'name.lock');
});
test.after(() => rm(folder, { recursive: true }));

test('a second one is turned away with the process that holds it, until it is released', async () => {
	const lock = await takeLock(file, 'up');
	try {
		await takeLock(file, 'down');
		assert.unreachable();
	} catch (error) {
		assert.ok(error instanceof LabError);
		assert.is(error.code, 'environment-busy');
		assert.match(error.message, `kubeproctor up is at work`);
		assert.match(error.message, `process ${process.pid}`);
	}
	await lock.release();
	assert.not(existsSync(file));
	await (await takeLock(file, 'down')).release();
	assert.equal(await readdir(join(folder, String(count))), []);
});

test('environments of one name in two homes are held apart', async () => {
	const [one, other] = ['one', 'other'].map((home) => ({ name: 'lab', env: { KUBEPROCTOR_HOME: join(folder, home) } }));
	assert.ok(one && other);
	const isHeld = await withLock(one, 'up', () => withLock(other, 'up', async () => true));
	assert.ok(isHeld);
});

test('of many that try at once exactly one gets it, also where a dead one held it', async () => {
	await (await takeLock(file, 'up')).release();
	await writeFile(file, JSON.stringify({ pid: 2 ** 22 + 1, began: '1', action: 'up', since: '', children: [] }));
	const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(file, 'up')));
	assert.is(attempts.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('a process that only has the same id does not hold it', async () => {
	await (await takeLock(file, 'up')).release();
	await writeFile(file, JSON.stringify({ pid: process.pid, began: 'long ago', action: 'up', since: '', children: [] }));
	await (await takeLock(file, 'up')).release();
});

test('a torn lock is taken over', async () => {
	await (await takeLock(file, 'up')).release();
	await writeFile(file, '{"pid":');
	await (await takeLock(file, 'up')).release();
});

test('programs that a dead holder left running are ended with their whole group', async () => {
	await (await takeLock(file, 'up')).release();
	const orphan = spawn('sh', ['-c', 'sleep 60 & wait'], { detached: true, stdio: 'ignore' });
	const known = await describeProcess(orphan.pid ?? 0);
	assert.ok(known);
	await writeFile(file, JSON.stringify({ pid: 2 ** 22 + 1, began: '1', action: 'up', since: '', children: [known] }));
	await (await takeLock(file, 'down')).release();
	assert.not(await isAlive(known));
});

test('programs are written down for whoever comes after, and none after the release', async () => {
	const lock = await takeLock(file, 'up');
	const child = spawn('sleep', ['60'], { stdio: 'ignore' });
	lock.addChild(child.pid ?? 0);
	while (!(await readFile(file, 'utf8')).includes(`"pid":${child.pid}`));
	lock.addChild(child.pid ?? 0);
	await lock.release();
	assert.not(existsSync(file));
	child.kill();
});

test.run();
