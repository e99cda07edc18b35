/** `shell` on a real terminal: each kind of shell, with the learner's own files, which stay as they are. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { cli, runProgram } from '../cli/run-cli.ts';
import { findKubectl } from '../contracts/kubectl/find-kubectl.ts';
import { suite } from '../harness.ts';
import { reasonWithoutTerminal, type Screen } from '../terminal/pty.ts';
import { findProgram, type Turn, talk } from '../terminal/talk.ts';
import { type EmbeddedEnvironment, openEmbedded } from './environment.ts';

const test = suite<{ environment: EmbeddedEnvironment; bin: string }>('shell', { timeout: 90 });
const prompt = '(pulling-from-private-registries) ';

test.before(async (context) => {
	context.environment = await openEmbedded('shell');
	context.bin = path.dirname(await findKubectl());
});
test.after(({ environment }) => environment?.close());

interface Kind {
	/** The learner's own file below their home, and what is in it. */
	file: string;
	text: string;
	/** Why kubectl's words cannot be completed here; null: they can. */
	withoutCompletion: string | null;
}

const bashCompletion = '/usr/share/bash-completion/bash_completion';
const wrong = 'export KUBECONFIG=/elsewhere MINE=yes\n';

const kinds: Record<string, Kind> = {
	bash: {
		file: '.bashrc',
		text: `${wrong}PROMPT_COMMAND='PS1="mine> "'\n`,
		withoutCompletion: existsSync(bashCompletion) ? null : 'bash-completion is not installed',
	},
	zsh: { file: '.zshrc', text: `${wrong}PROMPT='mine> '\n`, withoutCompletion: null },
	fish: {
		file: '.config/fish/config.fish',
		text: `set -gx KUBECONFIG /elsewhere; set -gx MINE yes\nfunction fish_prompt; printf 'mine> '; end\n`,
		withoutCompletion: null,
	},
	sh: { file: '.shrc', text: `${wrong}PS1='mine> '\n`, withoutCompletion: 'sh has none' },
};

for (const [kind, { file, text, withoutCompletion }] of Object.entries(kinds)) {
	const title = `${kind} names the lab before the prompt, points kubectl and k here, and passes its exit code on`;
	const program = findProgram(kind);
	const reason = reasonWithoutTerminal ?? (program === undefined ? `${kind} is not installed` : null);
	if (reason !== null) {
		test.skip(title, reason);
		continue;
	}
	test(title, async ({ environment, bin }) => {
		const home = makeHome(file, text);
		const screen = await talkToShell(
			environment,
			bin,
			{ HOME: home, SHELL: String(program), ENV: path.join(home, '.shrc') },
			[
				[`${prompt}mine> `, 'echo "at=$KUBECONFIG mine=$MINE"\r'],
				[`at=${environment.folder}/kubeconfig mine=yes`, 'k get namespaces -o name\r'],
				[
					'namespace/kubeproctor',
					withoutCompletion === null ? 'kubectl versi\t --client\r' : 'kubectl version --client\r',
				],
				['Client Version: ', `exit 7\r`],
			],
		);
		assert.is(screen.code, 7, screen.raw);
		assert.is(readFileSync(path.join(home, file), 'utf8'), text);
		rmSync(home, { recursive: true });
	});
}

if (reasonWithoutTerminal === null) {
	test('a shell within a shell says so', async ({ environment, bin }) => {
		const home = makeHome('.bashrc', '');
		const { raw } = await talkToShell(environment, bin, { HOME: home, SHELL: '/bin/sh' }, [
			[prompt, `${process.execPath} ${cli} shell\r`],
			['This is a shell within the shell of environment shell; exit leads back there.', 'exit\r'],
			[prompt, 'exit\r'],
		]);
		assert.match(raw, 'within the shell');
		rmSync(home, { recursive: true });
	});

	test('Ctrl-C is an affair of what runs in it', async ({ environment, bin }) => {
		const home = makeHome('.bashrc', '');
		const script = 'trap "echo caught" INT; echo ready; while :; do sleep 0.1; done';
		const { raw, code } = await talkToShell(
			environment,
			bin,
			{ HOME: home, SHELL: '/bin/sh' },
			[
				['ready', '\u0003'],
				['caught', '\u0003'],
				['caught', '\u0003'],
				['caught', '\u001c'],
			],
			`-- sh -c '${script}'`,
		);
		assert.is(code, 131, raw);
		assert.not.match(raw, 'Still at it');
		rmSync(home, { recursive: true });
	});
} else {
	test.skip('a shell within a shell, and Ctrl-C', reasonWithoutTerminal);
}

test('-- runs one command there, and passes on its exit code and its streams', async ({ environment }) => {
	const script = 'cat; echo "$KUBECONFIG $REGISTRY $KUBEPROCTOR_NAME"; exit 9';
	const { code, stdout, stderr } = await environment.run('shell', '--', 'sh', '-c', script);
	assert.equal([code, stderr], [9, '']);
	assert.is(stdout, `${environment.folder}/kubeconfig registry.example.com shell\n`);
	const killed = await environment.run('shell', '--', 'sh', '-c', 'kill -TERM $$');
	assert.is(killed.code, 143);
	const absent = await environment.run('shell', '--', 'no-such-program');
	assert.is(absent.code, 3);
	assert.match(absent.stderr, /^✘ There is no program no-such-program\./);
});

test('without a terminal it does what its input says', async ({ environment }) => {
	const { code, stdout, stderr } = await runProgram(
		'sh',
		[
			'-c',
			`echo 'echo "here: $KUBECONFIG"; exit 5' | SHELL=/bin/bash "$0" "$1" --name shell shell`,
			process.execPath,
			cli,
		],
		environment.env,
	);
	assert.equal([code, stdout, stderr], [5, `here: ${environment.folder}/kubeconfig\n`, '']);
});

test('a command in it is about its environment, also where there are several', async ({ environment }) => {
	const other = `${path.dirname(environment.folder)}/other`;
	mkdirSync(other);
	const [within, outside] = [
		await environment.run('shell', '--', process.execPath, cli, 'env'),
		await runProgram(process.execPath, [cli, 'env'], environment.env),
	];
	rmSync(other, { recursive: true });
	assert.equal([within.code, within.stderr], [0, '']);
	assert.match(within.stdout, `KUBECONFIG='${environment.folder}/kubeconfig'`);
	assert.is(outside.code, 2);
});

test('nothing of it stays behind', () => {
	assert.equal(
		readdirSync(tmpdir()).filter((name) => name.startsWith('kubeproctor-shell-')),
		[],
	);
});

test.run();

/** Opens it on a terminal, with nothing of whoever runs the tests. */
function talkToShell(
	environment: EmbeddedEnvironment,
	bin: string,
	env: Record<string, string>,
	turns: readonly Turn[],
	args = '',
): Promise<Screen> {
	const settings = {
		...env,
		KUBEPROCTOR_HOME: path.dirname(path.dirname(environment.folder)),
		PATH: `${bin}:${process.env['PATH']}`,
	};
	const assignments = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
	const command = `env -u KUBECONFIG -u ZDOTDIR ${assignments.join(' ')} ${process.execPath} ${cli}`;
	return talk(`${command} --name shell shell ${args}`, 200, turns);
}

function makeHome(file: string, text: string): string {
	const home = mkdtempSync(path.join(tmpdir(), 'kubeproctor-learner-'));
	mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
	// Without this folder fish makes it, from every manual page, in a process that outlives it.
	mkdirSync(path.join(home, '.local/share/fish/generated_completions'), { recursive: true });
	writeFileSync(path.join(home, file), text);
	return home;
}
