/** Questions as lines to read and to answer, where nothing is drawn anew: on a dumb terminal, or where all is read aloud. */

import { createInterface } from 'node:readline';
import type { Choice, ShownChoice } from './prompt.ts';
import { chooseWidth, wrap } from './width.ts';

export type PlainQuestion =
	| { type: 'input' | 'confirm'; message: string }
	| { type: 'select' | 'checkbox'; message: string; choices: readonly ShownChoice[] };

/** Resolves to the answer; undefined: the input came to its end before. Rejects with the signal's reason. */
export async function askPlainly(question: PlainQuestion, signal: AbortSignal): Promise<unknown> {
	const { stdin, stderr } = process;
	const write = (text: string) => {
		for (const line of wrap(text, chooseWidth(stderr))) stderr.write(`${line}\n`);
	};
	const lines = createInterface({ input: stdin, terminal: false, signal });
	const typed = lines[Symbol.asyncIterator]();
	try {
		write(question.message);
		if ('choices' in question)
			for (const [index, choice] of question.choices.entries()) {
				const label = labelOf(choice, index);
				write(`${label}: ${choice.short.replace(new RegExp(`^${label} {2}`), '')}`);
			}
		for (;;) {
			write(invitations[question.type]);
			const { value, done } = await typed.next();
			signal.throwIfAborted();
			if (done) return undefined;
			const answer = readAnswer(question, value.trim());
			if (answer !== null) return answer;
		}
	} finally {
		lines.close();
	}
}

const invitations: Record<PlainQuestion['type'], string> = {
	input: 'Type the answer, and Enter.',
	confirm: 'Type yes or no, and Enter.',
	select: 'Type what stands before its colon, and Enter.',
	checkbox: 'Type what stands before the colon of each, with blanks between, and Enter.',
};

/** A value that is a letter stands for itself. */
function labelOf({ value }: Choice, index: number): string {
	return value.length === 1 ? value : String(index + 1);
}

/** Null: it is to be asked again. */
function readAnswer(question: PlainQuestion, line: string): unknown {
	if (!('choices' in question)) return question.type === 'input' ? line : /^y(es)?$/i.test(line);
	const words = line.split(/[\s,]+/).filter((word) => word !== '');
	const values = words.map(
		(word) => question.choices.find((choice, index) => labelOf(choice, index) === word.toLowerCase())?.value,
	);
	if (values.includes(undefined)) return null;
	if (question.type === 'checkbox') return values;
	return values.length === 1 ? values[0] : null;
}
