/** Tab in real shells on a real terminal; and what every line of our own may go on with. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { cli, runProgram } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { reasonWithoutTerminal } from '../terminal/pty.ts';
import { findProgram, type Turn, talk, withoutControls } from '../terminal/talk.ts';
import { type EmbeddedEnvironment, openEmbedded } from './environment.ts';

const test = suite<{ environment: EmbeddedEnvironment; home: string }>('completion', { timeout: 120 });

test.before(async (context) => {
	context.environment = await openEmbedded('completed-one');
	context.home = mkdtempSync(path.join(tmpdir(), 'kubeproctor-learner-'));
	// Without this folder fish makes it, from every manual page, in a process that outlives it.
	mkdirSync(path.join(context.home, '.local/share/fish/generated_completions'), { recursive: true });
	symlinkSync(cli, path.join(context.home, 'kubeproctor'));
});
test.after(async ({ environment, home }) => {
	rmSync(home, { recursive: true, force: true });
	await environment?.close();
});

/** What is typed before Tab → what the line is then. */
const lines: [typed: string, completed: string][] = [
	['gra', 'grade'],
	['grade --tas', 'grade --task'],
	['grade --task see', 'grade --task see-it-refused'],
	['up two', 'up two-registries'],
	['up --provider emb', 'up --provider embedded'],
	['--name comp', '--name completed-one'],
	['--name=comp', '--name=completed-one'],
	['rotate reg', 'rotate registry.example.com'],
	['lint test/emb', 'lint test/embedded'],
	['grade --output-file package-l', 'grade --output-file package-lock.json'],
];

interface Kind {
	start: string;
	/** The line that `completion --help` tells. */
	install: string;
}

const kinds: Record<string, Kind> = {
	bash: { start: 'bash --norc --noprofile -i', install: 'eval "$(kubeproctor completion bash)"; PS1="rea""dy> "' },
	zsh: { start: 'zsh -f -i', install: 'bindkey -e; eval "$(kubeproctor completion zsh)"; PS1="rea""dy> "' },
	fish: {
		start: 'fish --no-config -i',
		install: 'kubeproctor completion fish | source; function fish_prompt; printf "%s> " rea""dy; end',
	},
};

for (const [kind, { start, install }] of Object.entries(kinds)) {
	const title = `Tab in ${kind}: commands, flags, choices, labs, tasks, environments, registries, files and folders`;
	const reason = reasonWithoutTerminal ?? (findProgram(kind) === undefined ? `${kind} is not installed` : null);
	if (reason !== null) {
		test.skip(title, reason);
		continue;
	}
	test(title, async ({ environment, home }) => {
		const turns = lines.flatMap(([typed, completed]): Turn[] => [
			['ready> ', `kubeproctor ${typed}\t`],
			// To the line's beginning, so that it is shown as the shell has it, and not run.
			[completed.slice(-4), '\u0001echo "[" \u0005" ]"\r'],
		]);
		const settings = [`KUBEPROCTOR_HOME=${path.dirname(path.dirname(environment.folder))}`, `HOME=${home}`];
		const { raw } = await talk(`env ${settings.join(' ')} PATH=${home}:$PATH ${start}`, 200, [
			['', `${install}\r`],
			...turns,
			['ready> ', 'exit\r'],
		]);
		const shown = [...withoutControls(raw).matchAll(/^\[ kubeproctor (.*?) {1,2}\]\r?$/gm)].map(([, line = '']) =>
			// zsh takes the slash away again where what follows is no part of the path.
			line.trim().replace(/\/$/, ''),
		);
		assert.equal(
			shown,
			lines.map(([, completed]) => completed),
			raw,
		);
	});
}

test.skip('Tab in PowerShell', 'it is in none of the package registries that the tests may use');

/** Words → every value that is offered. */
const offers: [words: string[], values: string[], other: string][] = [
	[['up', '--provider', ''], ['auto', 'kind', 'existing', 'embedded'], 'none'],
	[['completion', ''], ['bash', 'zsh', 'fish', 'powershell'], 'none'],
	[['--name', '=', 'co'], ['completed-one'], 'none'],
	[['--name', '='], ['completed-one'], 'none'],
	[['grade', 'two-registries', '-t', ''], ['a-secret-for-each', 'one-pod-two-registries'], 'none'],
	[['--labs', 'test', 'up', 'image'], ['image-pull-policy'], 'none'],
	[['--labs', ''], [], 'folders'],
	[['shell', '--', ''], [], 'files'],
	[['no-such-command', ''], [], 'none'],
	[['list', 'a', ''], [], 'none'],
	[['--labs', '/nowhere', 'up', ''], [], 'none'],
	[['--name', 'Not a name', 'grade', '--task', ''], [], 'none'],
];

for (const [words, values, other] of offers) {
	test(`kubeproctor ${words.join(' ')}`, async ({ environment }) => {
		const { code, stdout, stderr } = await runProgram(
			process.execPath,
			[cli, 'complete', '--', ...words],
			environment.env,
		);
		assert.equal([code, stderr], [0, '']);
		const answer = stdout.trim().split('\n');
		assert.is(answer.pop(), `:${other}`);
		const offered = answer.map((line) => line.split('\t')[0]);
		if (words.includes('two-registries')) assert.is(offered[0], values[0]);
		else assert.equal(offered, values);
	});
}

test.run();
