/** Help and version, of the program and of every command; and the manual page. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import * as assert from 'uvu/assert';
import { readAfterHelp, variables } from '../../scripts/man-page.ts';
import { createCommand } from '../../src/program.ts';
import { suite } from '../harness.ts';
import { findProgram } from '../terminal/talk.ts';
import { runCli, runProgram } from './run-cli.ts';

const test = suite('help');
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const commands = listVisible(createCommand(() => async () => {}));

test('names every command, in its group, in 80 columns', async () => {
	const { code, stdout, stderr } = await runCli(['--help']);
	assert.is(code, 0);
	assert.is(stderr, '');
	assertFits(stdout, 80);
	for (const command of commands) assert.match(stdout, new RegExp(`^  ${command.name()}\\b`, 'm'));
	for (const group of ['Get started', 'Learn', 'Grade', 'Environments', 'Write labs'])
		assert.match(stdout, `\n${group}:\n`);
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

test('keeps to 40 columns where COLUMNS says so, but for what is to be typed', async () => {
	const { stdout } = await runCli(['--help'], { COLUMNS: '40' });
	assertFits(stdout, 40);
	const { COLUMNS } = process.env;
	process.env['COLUMNS'] = '40';
	try {
		for (const command of commands) assertFits(command.helpInformation().replace(/^Usage: .*$/m, ''), 40);
	} finally {
		if (COLUMNS === undefined) delete process.env['COLUMNS'];
		else process.env['COLUMNS'] = COLUMNS;
	}
});

for (const command of commands) {
	const name = command.name();
	test(`${name} --help has examples, in 80 columns`, async () => {
		const { code, stdout, stderr } = await runCli([name, '--help']);
		assert.is(code, 0);
		assert.is(stderr, '');
		assertFits(stdout, 80);
		assert.match(stdout, `Usage: kubeproctor ${name}`);
		assert.match(stdout, /\nExamples?:\n {2}.*kubeproctor/);
		assert.match(stdout, '--name <name>');
	});

	test(`the examples of ${name} are lines that a shell and the program can read`, async () => {
		const examples = await listExamples(command);
		assert.ok(
			examples.some((words) => words.includes(name)),
			`no example of ${name}`,
		);
		for (const words of examples) await assertParses(words);
	});

	test(`${name} --version prints the version`, async () => {
		assert.equal(await runCli([name, '--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
	});
}

test('--version prints the version and nothing else', async () => {
	assert.equal(await runCli(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('the manual page names every command and every variable', () => {
	const page = readFileSync('man/kubeproctor.1', 'utf8').replaceAll('\\-', '-');
	for (const command of commands) assert.match(page, `\\fBkubeproctor ${command.name()}\\fR`);
	const used = readdirSync('src', { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) => readFileSync(`src/${file}`, 'utf8').match(/\bKUBEPROCTOR_[A-Z_]+/g) ?? []);
	for (const name of new Set(used)) assert.ok(name in variables, `${name} is not in the manual page`);
});

test('the package has the manual page', () => {
	const { man, files } = JSON.parse(readFileSync('package.json', 'utf8')) as { man: string[]; files: string[] };
	assert.equal(man, ['man/kubeproctor.1']);
	assert.ok(files.includes('man'));
});

withProgram('groff', 'typesets the manual page without a warning', async () => {
	for (const device of ['utf8', 'ascii', 'ps']) {
		const { code, stderr } = await runProgram('groff', ['-ww', '-man', `-T${device}`, 'man/kubeproctor.1']);
		assert.equal([code, stderr], [0, ''], device);
	}
});

withProgram('man', 'shows the manual page without a warning', async () => {
	const { code, stdout, stderr } = await runProgram('man', ['-l', '--warnings', 'man/kubeproctor.1'], {
		MANWIDTH: '80',
		LC_ALL: 'C.UTF-8',
	});
	assert.equal([code, stderr], [0, '']);
	assert.match(stdout, /^SYNOPSIS$/m);
});

withProgram('mandoc', 'finds nothing wrong with the manual page', async () => {
	const { stdout } = await runProgram('mandoc', ['-T', 'lint', '-W', 'warning', 'man/kubeproctor.1']);
	// What is generated has no day of its own.
	assert.equal(
		stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date')),
		[],
	);
});

test.run();

function withProgram(program: string, title: string, body: () => Promise<void>): void {
	if (findProgram(program) === undefined) test.skip(`${program} ${title}`, `${program} is not installed`);
	else test(`${program} ${title}`, body);
}

function listVisible(program: Command): Command[] {
	return program.createHelp().visibleCommands(program);
}

function assertFits(text: string, width: number): void {
	const wide = text.split('\n').filter((line) => line.length > width);
	assert.equal(wide, []);
}

/** The words of each call of ours that is among the examples, as bash reads them; nothing else is run. */
async function listExamples(command: Command): Promise<string[][]> {
	const [, lines = ''] = readAfterHelp(command).split(/\nExamples?:\n/);
	const script = [
		'exec 3>&1 >/dev/null; PATH=/nowhere',
		`kubeproctor() { printf '%s\\037' "$@" >&3; printf '\\036' >&3; }`,
		'command_not_found_handle() { :; }',
		'eval() { :; }',
		lines,
	].join('\n');
	const folder = mkdtempSync(path.join(tmpdir(), 'kubeproctor-examples-'));
	const told = execFileSync('bash', ['-ec', script], { encoding: 'utf8', cwd: folder, env: { HOME: folder } });
	rmSync(folder, { recursive: true });
	return told
		.split('\u001e')
		.slice(0, -1)
		.map((words) => words.split('\u001f').slice(0, -1));
}

/** Rejects with what commander has against it. */
async function assertParses(words: readonly string[]): Promise<void> {
	let isRun = false;
	const program = createCommand(() => async () => {
		isRun = true;
	});
	await program.parseAsync(words, { from: 'user' });
	assert.ok(isRun, words.join(' '));
}
