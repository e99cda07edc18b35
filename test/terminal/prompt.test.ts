/** Questions: asked on a terminal, refused elsewhere, and left with Ctrl-C. */

import * as assert from 'uvu/assert';
import { runProgram } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { openTerminal, reasonWithoutTerminal, runOnTerminal } from './pty.ts';

const test = suite('prompt', { timeout: 90 });
const fixture = ['--import', 'tsx', 'test/terminal/fixtures/ask.ts'];
const command = [process.execPath, ...fixture].join(' ');

test('refuses to ask where nobody can answer, and says what to do instead', async () => {
	const { stdout, stderr } = await runProgram(process.execPath, [...fixture, 'password', 'alone']);
	assert.is(
		stdout,
		'usage: Cannot ask here, because this is no terminal: Password of myuser? Set REGISTRY_PASSWORD.\n',
	);
	assert.is(stderr, '');
});

onTerminal('takes a password without showing it or its length', async () => {
	const { raw, lines } = await runOnTerminal(`${command} password interactive`, 80, once('Password', 'hunter2\r'));
	assert.match(lines.join('\n'), 'answer: 7');
	assert.not.match(raw, 'hunter2');
	assert.not.match(raw, '***');
});

onTerminal('takes Enter alone for a no', async () => {
	const { lines } = await runOnTerminal(`${command} confirm interactive`, 80, once('Remove', '\r'));
	assert.match(lines.join('\n'), 'answer: false');
});

onTerminal('takes y for a yes', async () => {
	const { lines } = await runOnTerminal(`${command} confirm interactive`, 80, once('Remove', 'y\r'));
	assert.match(lines.join('\n'), 'answer: true');
});

onTerminal('shows every choice of a narrow terminal, and breaks no word', async () => {
	const terminal = openTerminal(`${command} choice interactive`, { columns: 40 });
	await terminal.waitFor('navigate');
	const shown = terminal.screen().join('\n');
	const words = 'Whoever reads these words sees every one of them in one piece, however narrow it is';
	for (const letter of 'abcd') {
		const spaced = words.replaceAll(' ', '\\s+');
		assert.match(shown, new RegExp(`[❯ ] ${letter}  ${spaced}`));
	}
	terminal.press('\u001b[B\r');
	await terminal.waitFor('answer: b');
	await terminal.ended;
});

onTerminal('breaks neither a long question nor the answer beside it in a word', async () => {
	const terminal = openTerminal(`${command} long interactive`, { columns: 40 });
	await terminal.waitFor('navigate');
	terminal.press('\r');
	await terminal.waitFor('answer: a');
	await terminal.ended;
	const shown = terminal.scrollback();
	assert.ok(
		shown.every((line) => line.length < 40),
		'the terminal broke a line',
	);
	const words = 'Whoever reads these words sees every one of them in one piece, however narrow it is';
	for (const before of ['✔', 'Which\\?\\s+a'])
		assert.match(shown.join('\n'), new RegExp(`${before}\\s+${words.replaceAll(' ', '\\s+')}`));
});

for (const [what, keys] of [
	['choice', '\u001b[B\r'],
	['confirm', 'y\r'],
] as const) {
	onTerminal(`goes on with a ${what} after Ctrl-Z and fg`, async () => {
		const terminal = openTerminal("env PS1='shell$ ' bash --norc --noprofile -i", { columns: 80 });
		await terminal.waitFor('shell$');
		terminal.press(`clear; ${command} ${what} interactive\r`);
		await terminal.waitFor(/^\? (Which|Remove)/m);
		await terminal.rest();
		terminal.press('\u001a');
		await terminal.waitFor('Stopped');
		terminal.press('clear; fg\r');
		await terminal.waitFor(/^\? (Which|Remove everything)\?/m);
		await terminal.rest();
		terminal.press(keys);
		await terminal.waitFor(/answer: (b|true)/);
		terminal.press('exit\r');
		await terminal.ended;
	});
}

onTerminal('on a dumb terminal writes lines and reads them, without any control sequence', async () => {
	const env = { TERM: 'dumb' };
	for (const [what, typed, answer] of [
		['choice', 'z\rb\r', 'b'],
		['confirm', 'yes\r', 'true'],
		['confirm', '\r', 'false'],
	] as const) {
		let raw = '';
		const terminal = openTerminal(`${command} ${what} interactive`, {
			...{ columns: 40, env },
			onData: (text) => {
				raw += text;
			},
		});
		await terminal.waitFor(/and\s+Enter\./);
		for (const key of typed.split(/(?<=\r)/)) {
			terminal.press(key);
			await terminal.rest();
		}
		await terminal.waitFor(`answer: ${answer}`);
		await terminal.ended;
		assert.not.match(raw, '\u001b', what);
		if (what === 'choice') assert.is(terminal.scrollback().filter((line) => /^Type what stands/.test(line)).length, 2);
	}
});

onTerminal('takes Ctrl-C for a wish to stop', async () => {
	const { lines } = await runOnTerminal(`${command} password interactive`, 80, once('Password', '\u0003'));
	assert.match(lines.join('\n'), 'interrupted: SIGINT');
});

onTerminal('asks on stderr, so that stdout stays clean', async () => {
	const inner = `sh -c 'answer=$(${command} confirm interactive); echo "got [$answer]"'`;
	const { lines } = await runOnTerminal(inner, 80, once('Remove', 'y\r'));
	assert.is(lines.at(-1), 'got [answer: true]');
});

test.run();

function onTerminal(name: string, body: () => Promise<void>): void {
	if (reasonWithoutTerminal === null) test(name, body);
	else test.skip(name, reasonWithoutTerminal);
}

/** Presses the keys when the question has been asked. */
function once(question: string, keys: string): (raw: string) => string | null {
	let isDone = false;
	return (raw) => {
		if (isDone || !raw.includes(question)) return null;
		isDone = true;
		return keys;
	};
}
