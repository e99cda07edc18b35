/** The runner itself: good files are green, and everything that stock uvu lets pass turns red. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';

const test = suite('runner', { timeout: 60 });

test('passes a good file, hooks and skips included', async () => {
	const { code, lines } = await run('good');
	assert.is(code, 0);
	assert.is(lines.at(-1), '2 passed, 0 failed, 1 skipped');
	assert.match(lines.join('\n'), 'is left for later  skipped: the moon is not full');
});

test('kills what a file left running, and does not wait for it', async () => {
	const { code, lines } = await run('leaving-a-child');
	assert.is(code, 0);
	assert.is(lines.at(-1), '1 passed, 0 failed');
});

test('runs only the tests that --grep names', async () => {
	const { code, lines } = await run('comparing', '--grep', 'is fine');
	assert.is(code, 0);
	assert.is(lines.at(-1), '1 passed, 0 failed');
});

test('is red when --grep matches nothing', async () => {
	const { code, lines } = await run('good', '--grep', 'no such test');
	assert.is(code, 1);
	assert.is(lines.at(-1), '0 passed, 0 failed');
});

test('is red when there is no such file, whatever else there is', async () => {
	const { code, lines } = await run('good', 'test/runner/no-such-folder');
	assert.is(code, 1);
	assert.match(lines.join('\n'), 'There is no test/runner/no-such-folder.');
	assert.is(lines.at(-1), '2 passed, 0 failed, 1 skipped');
});

test('is red for a password where none belongs, in whatever form, and for nothing else', async () => {
	const { code, lines } = await run('leaking');
	assert.is(code, 1);
	assert.is(lines.at(-1), '1 passed, 8 failed');
	const found = lines
		.filter((line) => line.includes('is where none belongs'))
		.map((line) => line.replace(/\d+ \(.*/, 'N'));
	const file = 'test/runner/fixtures/leaking.test.ts';
	for (const [what, where] of [
		['a password', `stdout of ${file}`],
		['a password', `stderr of ${file}`],
		['a password in base64', '/tmp/pair.txt'],
		['a password in base64 of base64', '/tmp/deep/secret.json'],
		['a password', '/streams/'],
		['a password, and others may read it (mode 644)', '/tmp/open/credentials.json'],
		['a password', '/tmp/environments/one/embedded.log'],
		['a password', 'the arguments of process N'],
	]) {
		const about = found.filter((line) => line.startsWith(`✘ ${what} is where`) && line.includes(`${where}`));
		assert.is(about.length, 1, `${what} in ${where}:\n${lines.join('\n')}`);
	}
	const folder = /\/\S*kubeproctor-tests-\w+/.exec(lines.join('\n'))?.[0] ?? '';
	assert.ok(existsSync(folder), 'what holds it is kept, to be looked at');
	rmSync(folder, { recursive: true });
});

test('leaves nothing behind where nothing is found', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'runner-'));
	await runWith({ TMPDIR: folder }, 'good');
	assert.equal(
		readdirSync(folder).filter((name) => !name.startsWith('tsx-')),
		[],
	);
	rmSync(folder, { recursive: true });
});

/** Fixture → what the runner says of it, and how it counts. */
const bad: Record<string, [says: string, ends: string]> = {
	comparing: ['++··"answer":·42', '1 passed, 1 failed'],
	'forgotten-run': ['test.run() is missing', '0 passed, 1 failed'],
	'empty-suite': ['has no tests', '0 passed, 1 failed'],
	'no-suite': ['has no suite', '0 passed, 1 failed'],
	'no-reason': ['skipped without a reason', '0 passed, 1 failed'],
	'not-loading': ['no further than this', '0 passed, 1 failed'],
	'throwing-before': ['throwing before › before\n    Error: no table to lay', '0 passed, 1 failed'],
	'throwing-before-each': ['no plate to set', '0 passed, 1 failed'],
	'throwing-after': ['the table is broken', '1 passed, 2 failed'],
	'non-error': ['just a text', '0 passed, 1 failed'],
	stuck: ['took longer than 0.2 s', '0 passed, 1 failed'],
	blocked: ['blocked › spins\n    killed: took longer than 3 s', '0 passed, 1 failed'],
	unresolved: ['ended (exit code 1) while it ran', '0 passed, 1 failed'],
	'left-open': ['TCPServerWrap', '1 passed, 1 failed'],
	'unhandled-rejection': ['nobody listens', '1 passed, 1 failed'],
	exiting: ['exiting › leaves', '0 passed, 1 failed'],
};

for (const [fixture, [says, ends]] of Object.entries(bad)) {
	test(`is red for ${fixture}`, async () => {
		const { code, lines } = await run(fixture, '--timeout', fixture === 'blocked' ? '3' : '30');
		assert.is(code, 1);
		assert.is(lines.at(-1), ends);
		assert.match(lines.join('\n'), says);
	});
}

test.run();

async function run(fixture: string, ...options: string[]): Promise<{ code: number | null; lines: string[] }> {
	return runWith({}, fixture, ...options);
}

async function runWith(env: NodeJS.ProcessEnv, fixture: string, ...options: string[]) {
	const file = `test/runner/fixtures/${fixture}.test.ts`;
	const child = spawn(process.execPath, ['--import', 'tsx', 'test/run.ts', ...options, file], {
		env: { ...process.env, ...env },
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { code, lines: output.trimEnd().split('\n') };
}
