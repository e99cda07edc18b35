import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { startAhead } from '../../src/providers/embedded-launch.ts';
import { suite } from '../harness.ts';

const test = suite('launch of an embedded environment');
// What is started is the program that runs.
process.argv[1] = join('dist', 'cli.js');

test('ahead of its plan leaves nothing where no plan comes', async () => {
	const parent = mkdtempSync(join(tmpdir(), 'kubeproctor-launch-'));
	const home = join(parent, 'home');
	const standby = startAhead(join(home, 'environments', 'ann'), 'ann');
	assert.ok(standby && existsSync(join(home, 'environments', 'ann', 'embedded.log')));
	await standby?.dismiss();
	assert.not.ok(existsSync(home));
	rmSync(parent, { recursive: true });
});

test('ahead of its plan is for an environment that has no folder yet', () => {
	const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-launch-'));
	mkdirSync(join(folder, 'environments', 'ann'), { recursive: true });
	assert.is(startAhead(join(folder, 'environments', 'ann'), 'ann'), null);
	rmSync(folder, { recursive: true });
});

test('ahead of its plan is taken once, and what was taken is left alone', async () => {
	const home = mkdtempSync(join(tmpdir(), 'kubeproctor-launch-'));
	const standby = startAhead(join(home, 'environments', 'ann'), 'ann');
	const child = standby?.take();
	assert.is(standby?.take(), null);
	await standby?.dismiss();
	assert.ok(child && child.signalCode === null && existsSync(join(home, 'environments', 'ann')));
	const ended = new Promise((resolve) => child?.once('exit', resolve));
	// Without a plan it ends by itself once nobody can send one any more.
	child?.disconnect();
	assert.is(await ended, 2);
	rmSync(home, { recursive: true });
});

test.run();
