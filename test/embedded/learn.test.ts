/** `learn` where it is not drawn in place, and what it leaves behind on a terminal, however it is left. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { loadLab } from '../../src/lab/index.ts';
import { readQuiz } from '../../src/learning/quiz.ts';
import { cli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { openTerminal, reasonWithoutTerminal, type Terminal } from '../terminal/pty.ts';
import { bringUp, type EmbeddedEnvironment, planEnvironment } from './environment.ts';
import { ended } from './surroundings.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('learn', { timeout: 120 });
const pod = ['-n', 'staging', 'run', 'no-creds-pod', '--image=registry.example.com/myapp:1.0'];

test.before((context) => {
	context.environment = planEnvironment('led');
});
test.after(({ environment }) => environment?.close());

/** With what is typed as lines; `at`: what must have been written before a line is typed. */
function learnPlainly(
	{ name, env }: EmbeddedEnvironment,
	typed: [at: RegExp, line: string | (() => Promise<unknown>)][],
	...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
	const child = spawn(process.execPath, [cli, '--name', name, 'learn', ...args], { env: { ...process.env, ...env } });
	const seen = { stdout: '', stderr: '' };
	const rest = [...typed];
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		seen.stderr += text;
	});
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		seen.stdout += text;
		while (rest[0]?.[0].test(seen.stdout)) {
			const line = rest.shift()?.[1];
			if (typeof line === 'string') child.stdin.write(`${line}\n`);
			else void line?.();
		}
		if (rest.length === 0) child.stdin.end();
	});
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => resolve({ ...seen, code }));
	});
}

test('with nothing set up, and nobody to ask: the first lab, in plain lines, which take words', async ({
	environment,
}) => {
	const { code, stdout } = await learnPlainly(
		environment,
		[
			[/^Task 1 of 4/m, 'hint'],
			[/^Hint 1 of 3/m, 'Why'],
			[/^PullSecretMissing: /m, 'nonsense'],
			[/^Type hint, lesson/m, () => environment.kubectl(...pod)],
			[/^✔ Done: See a pull refused\. 25 points\./m, 'quit'],
		],
		'--provider',
		'embedded',
	);
	assert.is(code, 0);
	assert.match(stdout, 'Without credentials a private registry denies the pull');
	assert.match(stdout, 'kubectl create secret docker-registry my-registry-creds');
	assert.match(stdout, 'kubeproctor --name led learn   goes on here');
	assert.not.match(stdout, /[^\P{Cc}\n]/u);
});

test('goes on where it was, and ends with its input', async ({ environment }) => {
	const { code, stdout, stderr } = await learnPlainly(environment, [[/^Task 1 of 4/m, 'lesson']]);
	assert.is(code, 0);
	assert.match(stdout, '1 of 4 tasks are done, 25 points so far.');
	assert.match(stdout, 'The path of a password');
	assert.not.match(stderr, 'Cluster', 'what is there was made once more');
});

test('asks the quiz in plain lines, and the wrong ones once more', async ({ environment }) => {
	const questions = await readQuiz(await loadLab('pulling-from-private-registries'));
	const answers = questions.map(({ kind, answers: right }, index): [RegExp, string] => [
		new RegExp(`^${index + 1} of ${questions.length}\\. [^]*quit leaves`, 'm'),
		index === 0 ? 'nonsense' : kind === 'multiple' ? right.join(', ') : (right[0] ?? ''),
	]);
	const { code, stdout } = await learnPlainly(environment, [
		[/^Task 1 of 4/m, 'quiz'],
		...answers,
		[/^9 of 10 right\./m, 'yes'],
		[/^1 of 1\. /m, questions[0]?.answers[0] ?? ''],
		[/^1 of 1 right\./m, 'quit'],
	]);
	assert.is(code, 0);
	assert.match(stdout, /^✘ Not right: it is kubernetes\.io\/dockerconfigjson\./m);
	const kept = JSON.parse((await environment.run('progress', '-o', 'json')).stdout) as { labs: { quiz: object }[] };
	const quiz = { right: 9, questions: 10, wrong: [questions[0]?.id] };
	assert.equal({ ...kept.labs[0]?.quiz, answeredAt: '' }, { ...quiz, answeredAt: '' });
});

test('another lab than the one that is set up is not forced on it', async ({ environment }) => {
	const { code, stderr } = await learnPlainly(environment, [], 'two-registries');
	assert.is(code, 2);
	assert.match(stderr, 'kubeproctor --name led up two-registries --reset does it');
	const unknown = await learnPlainly(environment, [], 'two-registry');
	assert.is(unknown.code, 2);
	assert.match(unknown.stderr, 'Did you mean two-registries?');
});

onTerminal(
	'Ctrl-C leaves the terminal as it was, the cluster up, and says how to go on',
	async (terminal, { environment, command }) => {
		await terminal.waitFor('shell$');
		terminal.press(`${command}\r`);
		await terminal.waitFor(/h\shint/, 40);
		assert.not.ok(terminal.hasCursor());
		terminal.press('\u0003');
		await terminal.waitFor('goes on here');
		await terminal.waitFor(/^shell\$$/m);
		terminal.press('echo code $?; stty -a\r');
		await terminal.waitFor('code 130');
		await terminal.waitFor(/\sicanon/);
		await terminal.waitFor(/\secho\s/);
		assert.ok(terminal.hasCursor());
		assert.is((await environment.run('status')).code, 0);
	},
);

onTerminal(
	'a command typed or pasted here presses no keys, and it is said once where it belongs',
	async (terminal, { command }) => {
		await terminal.waitFor('shell$');
		terminal.press(`${command}\r`);
		await terminal.waitFor(/h\shint/, 40);
		terminal.press('kubectl create secret docker-registry x --docker-server=registry.example.com\r');
		await terminal.waitFor('Commands are typed in another terminal.');
		for (const key of 'ku') terminal.press(key);
		await terminal.rest();
		const screen = terminal.scrollback().join('\n');
		assert.is(screen.split('Commands are typed in another terminal.').length, 2);
		assert.not.match(screen, 'Undo task');
		terminal.press('q');
		await terminal.waitFor('goes on here');
	},
);

onTerminal('with --plain it asks in lines as well, and draws nothing', async (terminal, { environment, command }) => {
	await terminal.waitFor('shell$');
	terminal.press(`${command} --plain\r`);
	await terminal.waitFor('create it anew.', 40);
	await environment.kubectl('create', 'secret', 'generic', 'my-registry-creds');
	terminal.press('reset\r');
	await terminal.waitFor('This deletes secret/my-registry-creds');
	await terminal.waitFor('Type yes or no, and Enter.');
	terminal.press('yes\r');
	await terminal.waitFor('are as on the first day.');
	terminal.press('lesson\r');
	terminal.press('quit\r');
	await terminal.waitFor('goes on here');
	const text = terminal.scrollback().join('\n');
	assert.match(text, '(Here is a drawing');
	assert.not.match(text, /[─│]/);
});

onTerminal('r undoes the task, after asking', async (terminal, { environment, command }) => {
	await terminal.waitFor('shell$');
	terminal.press(`${command}\r`);
	await terminal.waitFor(/h\shint/, 40);
	terminal.press('r');
	await terminal.waitFor('are as on the first day.');
	assert.not.match(terminal.scrollback().join('\n'), 'Undo task', 'nothing was there to be deleted');
	const secret = ['--docker-server=registry.example.com', '--docker-username=myuser', '--docker-password=wrong'];
	await environment.kubectl('create', 'secret', 'docker-registry', 'my-registry-creds', ...secret);
	await terminal.waitFor('CredentialsRejected');
	terminal.press('r');
	await terminal.waitFor('This deletes secret/my-registry-creds');
	terminal.press('y\r');
	await terminal.waitFor('PullSecretMissing');
	await terminal.waitFor('are as on the first day.');
	terminal.press('q');
	await terminal.waitFor('goes on here');
});

onTerminal('Ctrl-Z gives the terminal to the shell, and fg takes it up again', async (terminal, { command }) => {
	await terminal.waitFor('shell$');
	terminal.press(`${command}\r`);
	await terminal.waitFor(/h\shint/, 40);
	terminal.press('\u001a');
	await terminal.waitFor('Stopped');
	assert.ok(terminal.hasCursor());
	terminal.press('stty -a\r');
	await terminal.waitFor(/\sicanon/);
	terminal.press('fg\r');
	// What the shell has written is gone, because all is drawn afresh.
	await terminal.waitFor(/^(?![\s\S]*Stopped)[\s\S]*h\shint/);
	assert.not.ok(terminal.hasCursor());
	terminal.press('w');
	await terminal.waitFor('PullSecretMissing: ');
	terminal.press('h');
	await terminal.waitFor(/Hint \d of 3/);
	await terminal.resize(60, 30);
	await terminal.waitFor(/^─{60}$/m);
	await terminal.rest();
	const shown = terminal.screen();
	assert.match(shown.join('\n'), /PullSecretMissing: [\s\S]*Hint \d of 3/, 'what was said before is there too');
	terminal.press('q');
	await terminal.waitFor(/^shell\$$/m);
});

onTerminal('survives a cluster that is lost', async (terminal, { environment, command }) => {
	await terminal.waitFor('shell$');
	terminal.press(`${command}\r`);
	await terminal.waitFor(/h\shint/, 40);
	const { pid } = environment.record();
	process.kill(pid, 'SIGKILL');
	await terminal.waitFor('does not answer');
	await ended(pid);
	await bringUp(environment);
	await terminal.waitFor('The cluster answers again.');
	await environment.kubectl('-n', 'staging', 'delete', 'pod', 'no-creds-pod');
	await terminal.waitFor(/✘ 3/);
	terminal.press('q');
	await terminal.waitFor('goes on here');
});

test.run();

interface Hands {
	environment: EmbeddedEnvironment;
	/** What starts `learn`. */
	command: string;
}

/** In a shell with job control, as a learner has it. */
function onTerminal(name: string, body: (terminal: Terminal, hands: Hands) => Promise<void>): void {
	if (reasonWithoutTerminal !== null) {
		test.skip(name, reasonWithoutTerminal);
		return;
	}
	test(name, async ({ environment }) => {
		const { CI: _ci, ...env } = environment.env;
		if (!existsSync(environment.folder)) await bringUp(environment);
		const command = `${process.execPath} ${cli} --name ${environment.name} learn`;
		const terminal = openTerminal("env PS1='shell$ ' bash --norc --noprofile -i", { columns: 100, rows: 30, env });
		try {
			await body(terminal, { environment, command });
			terminal.press('exit\r');
			await terminal.ended;
		} finally {
			terminal.close();
		}
	});
}
