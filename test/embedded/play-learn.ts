/** Plays a whole lab through `learn` on a real terminal, with a real kubectl beside it, and keeps what was on the screen. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadLab } from '../../src/lab/index.ts';
import { type Question, readQuiz } from '../../src/learning/quiz.ts';
import { cli } from '../cli/run-cli.ts';
import { openTerminal, type Terminal } from '../terminal/pty.ts';

const playedLab = 'pulling-from-private-registries';

export interface Player {
	name: string;
	provider: 'embedded' | 'kind';
	env: Record<string, string>;
	/** Throws unless it ends well. */
	kubectl(...args: string[]): Promise<unknown>;
}

/** Seconds: a cluster of kind's comes up within it, and a kubelet tries again. */
const patience = { embedded: 40, kind: 180 };
const solution = (task: string) => join('labs', playedLab, 'solution', task);

/** Nothing is set up before; the environment is left as it is. Throws where a screen is another one than the kept one. */
export async function playLab(player: Player, columns: number): Promise<void> {
	const { kubectl } = player;
	const seconds = patience[player.provider];
	const settle = async (screen: Terminal, wanted: string | RegExp) => {
		await screen.waitFor(wanted, seconds);
		await screen.rest();
	};
	const golden = openGolden(join('test/embedded/golden', `learn-${columns}.txt`));
	const questions = await readQuiz(await loadLab(playedLab));

	let terminal = learn(player, columns, playedLab, '--provider', player.provider);
	await terminal.waitFor('Task 1 of 4', seconds);
	await settle(terminal, /✘ 1 |1\s✘/);
	golden.check('The first task', terminal);

	await kubectl(...makeSecret('my-pasword'));
	await settle(terminal, 'CredentialsRejected');
	terminal.press('h');
	await settle(terminal, 'Hint 1 of');
	golden.check('A wrong password, and a hint', terminal);
	terminal.press('h');
	await settle(terminal, 'Hint 2 of');
	terminal.press('w');
	await settle(terminal, 'CredentialsRejected:');
	golden.check('Why', terminal);

	await kubectl('delete', 'secret', 'my-registry-creds');
	await kubectl(...makeSecret('mypassword'));
	await settle(terminal, 'Task 2 of 4');
	golden.check('Put right, and on to the second task', terminal);
	await kubectl('apply', '-f', solution('pull-with-a-pod-secret'));
	await settle(terminal, 'Task 3 of 4');
	terminal.press('q');
	assert.is(await terminal.ended, 0);
	assert.ok(terminal.hasCursor());
	golden.check('Enough for today', terminal);

	terminal = learn(player, columns);
	await terminal.waitFor('Task 3 of 4', seconds);
	await settle(terminal, /✘ 3 |3\s✘/);
	golden.check('Where it was left', terminal);
	await kubectl('apply', '-f', solution('see-it-refused'));
	await settle(terminal, 'Task 4 of 4');
	await kubectl('apply', '-f', solution('attach-to-the-service-account'));
	await settle(terminal, 'All 4 tasks are done');
	golden.check('All is done', terminal);

	terminal.press('z');
	await takeQuiz(terminal, questions, settle);
	await settle(terminal, /^q\squit|q\squit$/m);
	golden.check('After the quiz', terminal);
	terminal.press('q');
	assert.is(await terminal.ended, 0);
	golden.finish();
}

function learn({ name, env }: Player, columns: number, ...args: string[]): Terminal {
	const { CI: _ci, ...rest } = env;
	const command = [process.execPath, cli, '--name', name, 'learn', ...args].join(' ');
	return openTerminal(command, { columns, rows: 24, env: rest });
}

function makeSecret(password: string): string[] {
	return [
		...['create', 'secret', 'docker-registry', 'my-registry-creds', '--docker-server=registry.example.com'],
		...['--docker-username=myuser', `--docker-password=${password}`],
	];
}

/** The first answer is wrong; what was wrong is asked once more. */
async function takeQuiz(
	terminal: Terminal,
	questions: readonly Question[],
	settle: (terminal: Terminal, wanted: string | RegExp) => Promise<void>,
): Promise<void> {
	const [first] = questions;
	for (const [index, question] of questions.entries()) {
		await settle(terminal, `${index + 1} of ${questions.length}`);
		terminal.press(index === 0 ? 'anything\r' : answer(question));
	}
	await settle(terminal, `${questions.length - 1} of ${questions.length} right.`);
	terminal.press('y\r');
	await settle(terminal, '1 of 1  ');
	if (first !== undefined) terminal.press(answer(first));
}

/** Keys that give the right answer: arrows and blanks in lists, else the text. */
function answer({ kind, choices, answers }: Question): string {
	const down = '\u001b[B';
	if (kind === 'typed') return `${answers[0]}\r`;
	const isRight = choices.map(({ letter }) => answers.includes(letter));
	if (kind === 'single') return `${down.repeat(isRight.indexOf(true))}\r`;
	return `${isRight.map((right) => `${right ? ' ' : ''}${down}`).join('')}\r`;
}

interface Golden {
	check(moment: string, terminal: Terminal): void;
	/** Throws where a moment that is kept did not come. */
	finish(): void;
}

/** Kept screens by their moments. With UPDATE_GOLDEN set they are written anew. */
function openGolden(file: string): Golden {
	const isUpdate = process.env['UPDATE_GOLDEN'] !== undefined;
	const kept = new Map<string, string>();
	if (existsSync(file)) {
		for (const piece of readFileSync(file, 'utf8').split(/^=== /m).slice(1)) {
			const [moment = '', ...lines] = piece.split('\n');
			kept.set(moment, lines.join('\n').trimEnd());
		}
	}
	const seen = new Map<string, string>();
	return {
		check(moment, terminal) {
			const screen = normalise(terminal.screen());
			seen.set(moment, screen);
			if (!isUpdate) assert.is(screen, kept.get(moment), moment);
		},
		finish() {
			if (!isUpdate) return assert.equal([...seen.keys()], [...kept.keys()]);
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(file, [...seen].map(([moment, screen]) => `=== ${moment}\n${screen}\n`).join('\n'));
		},
	};
}

/** What is another one in each environment: times, ports, digests, and how the environment came up. */
function normalise(screen: readonly string[]): string {
	const begun = screen.findIndex((line) => /^Pulling from private registries/.test(line));
	const steps = screen.findLastIndex((line, index) => index < begun && /^[✔–] /.test(line));
	return screen
		.slice(steps + 1)
		.join('\n')
		.replaceAll(/\b\d+\.\d s\b/g, '0.0 s')
		.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:0')
		.trim();
}
