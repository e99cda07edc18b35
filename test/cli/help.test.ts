/** Help and version, of the program and of every command. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { runCli } from './run-cli.ts';

const test = suite('help');
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const commands = [
	'lesson',
	'hint',
	'next',
	'solve',
	'reset',
	'quiz',
	'progress',
	'list',
	'up',
	'status',
	'env',
	'credentials',
	'grade',
	'why',
	'down',
	'demo',
];

test('names every command, in 80 columns', async () => {
	const { code, stdout, stderr } = await runCli(['--help']);
	assert.is(code, 0);
	assert.is(stderr, '');
	assertFits(stdout);
	for (const command of commands) assert.match(stdout, new RegExp(`^  ${command}\\b`, 'm'));
});

test('is the same whether it was made by the build or is made now', async () => {
	const [made, ready, short] = await Promise.all([
		runCli(['--no-color', '--help']),
		runCli(['--help']),
		runCli(['-h']),
	]);
	assert.is(ready.stdout, made.stdout);
	assert.is(short.stdout, made.stdout);
});

test('is what the bare name answers', async () => {
	const [bare, help] = await Promise.all([runCli([]), runCli(['--help'])]);
	assert.equal(bare, help);
});

for (const command of commands) {
	test(`${command} --help has examples, in 80 columns`, async () => {
		const { code, stdout, stderr } = await runCli([command, '--help']);
		assert.is(code, 0);
		assert.is(stderr, '');
		assertFits(stdout);
		assert.match(stdout, `Usage: kubeproctor ${command}`);
		assert.match(stdout, /\nExamples?:\n {2}.*kubeproctor/);
		assert.match(stdout, '--name <name>');
	});

	test(`${command} --version prints the version`, async () => {
		assert.equal(await runCli([command, '--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
	});
}

test('--version prints the version and nothing else', async () => {
	assert.equal(await runCli(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test.run();

function assertFits(text: string): void {
	const wide = text.split('\n').filter((line) => line.length > 80);
	assert.equal(wide, []);
}
