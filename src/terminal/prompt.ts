/** Questions to whoever sits at the terminal. */

import { InterruptedError, UsageError } from '../model/error.ts';
import { createPalette, hasColour } from './colour.ts';
import { chooseWidth, wrap } from './width.ts';

export interface Asking {
	/** Nobody may be asked: no terminal, or CI. */
	isInteractive: boolean;
	/** Whoever is asked reads lines and types them; so it is on a dumb terminal in any case. */
	isPlain?: boolean;
	signal: AbortSignal;
}

/** `instead` tells, where nobody can be asked, how to say it without being asked. */
export async function askPassword(question: string, instead: string, asking: Asking): Promise<string> {
	const { answer } = await ask({ type: 'password', name: 'answer', message: question }, instead, asking);
	return String(answer);
}

/** Enter alone means no. */
export async function confirm(question: string, instead: string, asking: Asking): Promise<boolean> {
	const { answer } = await ask({ type: 'confirm', name: 'answer', message: question, default: false }, instead, asking);
	return answer === true;
}

export interface Choice {
	value: string;
	name: string;
}

export async function askText(question: string, instead: string, asking: Asking): Promise<string> {
	const { answer } = await ask({ type: 'input', name: 'answer', message: question }, instead, asking);
	return String(answer);
}

/** Resolves to the value of the choice that is taken. */
export async function askChoice(question: string, choices: Choice[], instead: string, asking: Asking): Promise<string> {
	const list = { type: 'select', ...fitList(choices) } as const;
	const { answer } = await ask({ ...list, name: 'answer', message: question }, instead, asking);
	return String(answer);
}

/** Resolves to the values of all that are taken; none may be. */
export async function askChoices(
	question: string,
	choices: Choice[],
	instead: string,
	asking: Asking,
): Promise<string[]> {
	const list = { type: 'checkbox', ...fitList(choices) } as const;
	const { answer } = await ask({ ...list, name: 'answer', message: question }, instead, asking);
	return answer as string[];
}

/** Columns before the name of a choice, and as far as its further lines are set in. */
const margin = 5;

/** inquirer breaks a long name in the middle of a word, and shows seven lines where there is room for more. */
function fitList(choices: readonly Choice[]): { choices: ShownChoice[]; pageSize: number } {
	const { rows = 24 } = process.stderr;
	const fit = (name: string) => wrap(name, chooseWidth(process.stderr) - margin).join(`\n${' '.repeat(margin)}`);
	return {
		choices: choices.map(({ value, name }) => ({ value, name: fit(name), short: name })),
		pageSize: Math.max(7, rows - 10),
	};
}

/** Throws UsageError where nobody can be asked; for what has something to say before its first question. */
export function refuseToAsk(what: string, instead: string, { isInteractive, signal }: Asking): void {
	if (!isInteractive) throw new UsageError(`Cannot ask here, because this is no terminal: ${what}`, instead);
	signal.throwIfAborted();
}

type Question = { name: 'answer'; message: string } & (
	| { type: 'password' }
	| { type: 'input' }
	| { type: 'confirm'; default: boolean }
	| { type: 'select' | 'checkbox'; choices: ShownChoice[]; pageSize: number }
);

/** `short`: its name on one line. */
export interface ShownChoice extends Choice {
	short: string;
}

async function ask(question: Question, instead: string, asking: Asking): Promise<{ answer: unknown }> {
	refuseToAsk(question.message, instead, asking);
	const { signal } = asking;
	// A password that is typed as a line would be seen.
	if ((asking.isPlain || process.env['TERM'] === 'dumb') && question.type !== 'password') {
		const { askPlainly } = await import('./plain-prompt.ts');
		const answer = await askPlainly(question, signal);
		if (answer === undefined) throw endOfInput(question, instead);
		return { answer };
	}
	const { default: inquirer } = await import('inquirer');
	// Questions go to stderr: stdout may be a file, or the shell's $(…).
	const prompt = inquirer.createPromptModule({ output: process.stderr, signal });
	const fitted = fitQuestion(question);
	const end = awaitEnd(() => drawAfresh(fitted));
	try {
		return await Promise.race([prompt<{ answer: unknown }>([fitted]), end.promise]);
	} catch (error) {
		signal.throwIfAborted();
		if (error === inputEnded) throw endOfInput(question, instead);
		if (error instanceof Error && error.name === 'ExitPromptError') throw new InterruptedError('SIGINT');
		throw error;
	} finally {
		end.forget();
	}
}

/** Columns before a question, and after it for what is asked for: `(y/N) Yes`. */
const [before, after] = [2, 10];

/** A question, and the answer that stays beside it, are broken at blanks too. */
function fitQuestion(question: Question): Question & { theme: object } {
	const { stderr: stream, env } = process;
	const width = chooseWidth(stream);
	const lines = wrap(question.message, width - before - after);
	const { cyan } = createPalette(hasColour({ stream, env, isRefused: false }));
	const taken = before + (lines.at(-1)?.length ?? 0) + 1;
	// What stands before it on its line is as one word that it begins with.
	const fit = (answer: string) =>
		wrap(`${'\u00a0'.repeat(taken)}${answer}`, width)
			.join('\n')
			.slice(taken);
	return { ...question, message: lines.join('\n'), theme: { style: { answer: (text: string) => cyan(fit(text)) } } };
}

/** inquirer does so by itself only where a key has changed something. */
function drawAfresh({ type, message }: Question): void {
	if (type !== 'select' && type !== 'checkbox') {
		process.stderr.write(`? ${message.split('\n').at(-1)} `);
		return;
	}
	for (const name of ['down', 'up']) process.stdin.emit('keypress', '', { name });
}

function endOfInput({ message }: Question, instead: string): UsageError {
	return new UsageError(`The input came to its end before this was answered: ${message}`, instead);
}

const inputEnded = new Error('the input came to its end');
/** Milliseconds; a prompt that is answered lets go of its input too, a moment before it resolves. */
const settlingTime = 100;

/** inquirer waits for ever where its input ends, as by Ctrl-D; and readline for whoever takes it up again after Ctrl-Z. */
function awaitEnd(redraw: () => void): { promise: Promise<never>; forget(): void } {
	const { stdin } = process;
	let timer: NodeJS.Timeout | undefined;
	let onPause = () => {};
	const promise = new Promise<never>((_, reject) => {
		onPause = () => {
			timer = setTimeout(() => reject(inputEnded), settlingTime);
		};
		stdin.on('pause', onPause);
	});
	// readline has its turn first, and pauses its input.
	const onContinue = () => setImmediate(goOn);
	let isContinued = false;
	function goOn(): void {
		isContinued = true;
		stdin.resume();
		clearTimeout(timer);
		redraw();
	}
	process.on('SIGCONT', onContinue);
	return {
		promise,
		forget() {
			process.off('SIGCONT', onContinue);
			stdin.off('pause', onPause);
			clearTimeout(timer);
			// readline, which has paused it once, does not do so again when it is closed.
			if (isContinued) stdin.pause();
		},
	};
}
