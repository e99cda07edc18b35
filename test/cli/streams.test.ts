/** Results go to stdout, everything else to stderr; and a reader may leave early. */

import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { cli, runCli, runProgram } from './run-cli.ts';

const test = suite('streams');

test('list -o json is one JSON document and nothing else', async () => {
	const { code, stdout, stderr } = await runCli(['list', '-o', 'json']);
	assert.is(code, 0);
	assert.is(stderr, '');
	const labs = JSON.parse(stdout) as { id: string; title: string; tasks: number; minutes: number }[];
	const first = labs.find((lab) => lab.id === 'pulling-from-private-registries');
	assert.is(first?.tasks, 4);
	assert.ok((first?.minutes ?? 0) > 0);
});

test('list writes no colour into a pipe, and keeps to 80 columns', async () => {
	const { code, stdout } = await runCli(['list'], { TERM: 'xterm-256color' });
	assert.is(code, 0);
	assert.match(stdout, /^pulling-from-private-registries +4 tasks, \d+ minutes$/m);
	assert.not.match(stdout, '\u001b');
	assert.ok(stdout.split('\n').every((line) => line.length <= 80));
});

for (const args of ['list', 'doctor']) {
	test(`${args} keeps to fewer columns where there are fewer`, async () => {
		const { stdout } = await runCli([args], { COLUMNS: '40' });
		// A place or an address is never broken.
		for (const line of stdout.split('\n')) assert.ok(line.length <= 40 || !/\S\s/.test(line.trim()), line);
	});
}

for (const args of ['--help', 'up --help', 'list', 'list -o json']) {
	test(`${args} | true is no error`, async () => {
		// The reader is gone before anything is written: its end of the pipe is closed first.
		const script = `{ sleep 0.2; "$0" "$1" ${args}; echo "exit $?" >&2; } | true`;
		const { stderr } = await runProgram('bash', ['-c', script, process.execPath, cli]);
		assert.is(stderr, 'exit 0\n');
	});
}

test('a mistake is told in one line that a log can be searched by', async () => {
	const { stderr } = await runCli([
		'up',
		'no-such-lab-of-a-name-that-is-so-long-that-it-would-not-fit-a-line-of-a-terminal',
	]);
	assert.match(stderr.split('\n')[0] ?? '', /no-such-lab-of-a-name.*terminal\..* {2}exit 2$/);
});

test.run();
