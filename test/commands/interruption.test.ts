/** Ctrl-C: the first asks to stop, the second tells what is still going on, the third leaves. */

import { spawn } from 'node:child_process';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';

const test = suite('interruption');

test('one is enough to have everything taken back', async () => {
	const { code, written } = await interrupt(['SIGINT']);
	assert.is(code, 0);
	assert.equal(written.split('\n'), ['begun', 'asked: interrupted by SIGINT', 'taken back', '']);
});

test('SIGTERM and SIGHUP ask the same, each by its name', async () => {
	assert.match((await interrupt(['SIGTERM'])).written, 'asked: interrupted by SIGTERM');
	assert.match((await interrupt(['SIGHUP'])).written, 'asked: interrupted by SIGHUP');
});

test('a second one tells what is still going on', async () => {
	const { code, written } = await interrupt(['SIGINT', 'SIGINT'], 'with-steps');
	assert.is(code, 0);
	assert.match(written, 'Still at it: Cluster kubeproctor.\nOnce more, and it is left as it is; kubeproctor down');
	assert.match(written, 'taken back');
});

test('a second one tells something also where nothing is shown', async () => {
	const { written } = await interrupt(['SIGINT', 'SIGINT']);
	assert.match(written, 'What this run made is still being taken back.');
});

test('a third one leaves at once', async () => {
	const { code, written } = await interrupt(['SIGINT', 'SIGINT', 'SIGTERM']);
	assert.is(code, 1);
	assert.match(written, 'left: SIGTERM');
	assert.not.match(written, 'taken back\n');
});

test.run();

/** Sends the signals one by one, the first when the fixture has begun. */
async function interrupt(signals: NodeJS.Signals[], mode = ''): Promise<{ code: number | null; written: string }> {
	const child = spawn(process.execPath, ['--import', 'tsx', 'test/commands/fixtures/take-back.ts', mode]);
	const queue = [...signals];
	let written = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			written += text;
			const next = queue.shift();
			if (next) setTimeout(() => child.kill(next), 100);
		});
	}
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { code, written };
}
