/** Every command where something about its surroundings is wrong: a clear line, the right exit code, and nothing lost. */

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import * as assert from 'uvu/assert';
import { createCommand } from '../../src/program.ts';
import { cli, type Ending } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { type EmbeddedEnvironment, openEmbedded } from './environment.ts';
import { here } from './here.ts';

const test = suite<{ environment: EmbeddedEnvironment; home: string; folder: string }>('bad surroundings', {
	timeout: 300,
});
const program = createCommand(() => async () => {});
const commands = program.createHelp().visibleCommands(program);

/** Those that go on until they are stopped; they are, after a while. */
const endless = ['learn', 'watch'];
/** Those that look at no environment. */
const independent = ['completion', 'doctor', 'lint', 'list', 'new', 'progress'];
/** Run again and again, they end alike. */
const isHarmless = (name: string) => !['down', 'rotate', 'demo', 'reset', 'shell', ...endless].includes(name);

test.before(async (context) => {
	context.environment = await openEmbedded('bad');
	context.home = dirname(dirname(context.environment.folder));
	context.folder = mkdtempSync(join(tmpdir(), 'kubeproctor-bad-'));
});
test.after(async ({ environment, folder }) => {
	rmSync(folder, { recursive: true, force: true });
	await environment?.close();
});

interface Run {
	name: string;
	ending: Ending;
}

/** Each command that is wanted, one after the other; `around` makes the line that a shell runs of ours. */
async function runEach(
	{ home, folder }: { home: string; folder: string },
	options: string[],
	isWanted: (name: string) => boolean = () => true,
	around = (line: string) => line,
): Promise<Run[]> {
	const runs: Run[] = [];
	for (const command of commands.filter((each) => isWanted(each.name()))) {
		const args = [...options, command.name(), ...listNeeded(command, folder)];
		const line = around(['"$0"', '"$1"', ...args.map((arg) => `'${arg}'`)].join(' '));
		runs.push({ name: command.name(), ending: await runLine(line, home, endless.includes(command.name())) });
	}
	return runs;
}

/** As `runEach`, within this process. */
async function runEachHere(
	{ environment, folder }: { environment: EmbeddedEnvironment; folder: string },
	options: string[],
	isWanted: (name: string) => boolean = () => true,
): Promise<Run[]> {
	const runs: Run[] = [];
	for (const command of commands.filter((each) => isWanted(each.name()))) {
		const ending = await here(environment).run(...options, command.name(), ...listNeeded(command, folder));
		runs.push({ name: command.name(), ending });
	}
	return runs;
}

/** What it cannot go without. */
function listNeeded(command: Command, folder: string): string[] {
	const values: Record<string, string> = {
		'pod/name': 'pod/none',
		shell: 'bash',
		dir: mkdtempSync(join(folder, 'new-')).concat('/my-lab'),
	};
	return command.registeredArguments.filter(({ required }) => required).map((each) => values[each.name()] ?? 'x');
}

/** With stdin at its end and no terminal. */
function runLine(line: string, home: string, isEndless: boolean): Promise<Ending> {
	const child = spawn('bash', ['-c', line, process.execPath, cli], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, KUBEPROCTOR_HOME: home, SHELL: '/bin/sh' },
		detached: true,
	});
	const ending: Ending = { code: null, stdout: '', stderr: '' };
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		ending.stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		ending.stderr += text;
	});
	const timer = setTimeout(() => process.kill(-Number(child.pid), 'SIGTERM'), isEndless ? 4_000 : 60_000);
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => {
			clearTimeout(timer);
			resolve({ ...ending, code });
		});
	});
}

/** Exit code by command; each run was clear about what was wrong. */
function judge(runs: readonly Run[]): Record<string, number | null> {
	const unclear = runs.filter(({ name, ending: { code, stderr } }) => {
		const isKnown = [0, 1, 2, 3].includes(Number(code)) || (code === 143 && endless.includes(name));
		const isTold = Number(code) < 2 || /^✘ \S.* {2}exit \d+$/m.test(stderr) || name === 'status' || name === 'doctor';
		return !isKnown || !isTold || /\n\s+at |EPIPE|TypeError|mistake of the program/.test(stderr);
	});
	assert.equal(unclear, []);
	return Object.fromEntries(runs.map(({ name, ending }) => [name, ending.code]));
}

/** Names, modes and contents of everything below a folder that a learner would miss. */
function fingerprint(folder: string): string {
	const hash = createHash('sha256');
	for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
		const { mode, mtimeMs } = statSync(join(folder, file));
		const isFile = statSync(join(folder, file)).isFile();
		// The journals go on by themselves.
		if (/\.(jsonl|log)$/.test(file)) continue;
		hash.update(`${file} ${mode} ${isFile ? mtimeMs : ''}\n`);
		if (isFile) hash.update(readFileSync(join(folder, file)));
	}
	return hash.digest('hex');
}

test('a name that can be no name is exit 2 for each that looks at an environment', async (context) => {
	const codes = judge(await runEachHere(context, ['--name', 'Not a name']));
	for (const [name, code] of Object.entries(codes)) assert.is(code, independent.includes(name) ? 0 : 2, name);
});

test('an environment that is not there is told, and none is made', async (context) => {
	const before = fingerprint(context.home);
	const makers = ['up', 'demo', 'learn'];
	const runs = await runEachHere(context, ['--name', 'absent'], (name) => !makers.includes(name));
	const codes = judge(runs);
	assert.equal(codes['grade'], 3);
	for (const { name, ending } of runs) {
		if (ending.code === 3 && name !== 'doctor') assert.match(ending.stderr, 'There is no environment absent.');
	}
	assert.equal(readdirSync(join(context.home, 'environments')), ['bad']);
	assert.is(fingerprint(context.home), before);
});

test('a reader that has gone is no error, and changes no exit code', async (context) => {
	const open = judge(await runEach(context, ['--name', 'bad'], isHarmless));
	const runs = await runEach(
		context,
		['--name', 'bad'],
		isHarmless,
		(line) => `{ sleep 0.2; ${line}; echo "exit $?" >&2; } | true`,
	);
	for (const { name, ending } of runs) {
		assert.match(ending.stderr, `exit ${open[name]}\n`, name);
		assert.not.match(ending.stderr, /EPIPE|\n\s+at /, name);
	}
});

const readOnly = (line: string, home: string) =>
	`unshare -m bash -c 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"' - '${home}' ${line}`;
const canMount = spawnSync('bash', ['-c', readOnly('true', tmpdir())]).status === 0;
const title = 'in a home that cannot be written nothing is lost, and what needs to write says so';
if (!canMount) test.skip(title, 'this account may not mount anything');
else
	test(title, async (context) => {
		const before = fingerprint(context.home);
		const runs = await runEach(context, ['--name', 'bad'], undefined, (line) => readOnly(line, context.home));
		const codes = judge(runs);
		for (const name of ['down', 'rotate', 'up']) {
			assert.is(codes[name], 3, name);
			assert.match(runs.find((run) => run.name === name)?.ending.stderr ?? '', 'cannot be written', name);
		}
		for (const name of ['env', 'credentials', 'lesson', 'list']) assert.is(codes[name], 0, name);
		assert.is(codes['status'], 0);
		assert.is(codes['doctor'], 3);
		assert.is(fingerprint(context.home), before);
	});

const onFullDisk = (line: string, home: string) =>
	`unshare -m bash -c 'mount -t tmpfs -o size=64k tmpfs "$1" && shift && exec "$@"' - '${home}' ${line}`;
const fullTitle = 'on a disk without room up says so, and leaves nothing';
if (!canMount) test.skip(fullTitle, 'this account may not mount anything');
else
	test(fullTitle, async (context) => {
		const [{ ending }] = (await runEach(
			context,
			['--name', 'full'],
			(name) => name === 'up',
			(line) => onFullDisk(`${line} --provider embedded`, context.home),
		)) as [Run];
		assert.is(ending.code, 3);
		assert.match(ending.stderr, /The disk of \S+ is full/);
		assert.match(ending.stderr, 'Free some disk space there');
		assert.not.match(ending.stderr, 'did not start');
	});

test('without a terminal, and with stdin at its end, each comes to its end', async (context) => {
	// The others came to theirs where they were compared with a reader that has gone.
	judge(await runEach(context, ['--name', 'bad'], (name) => !isHarmless(name) && !['down', 'demo'].includes(name)));
	assert.equal(judge(await runEach(context, ['--name', 'bad'], (name) => name === 'down')), { down: 0 });
});

test.run();
