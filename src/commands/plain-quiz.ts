/** A lab's quiz in plain lines: a question is written, and the next line that is typed is its answer. */

import type { Answered, Question } from '../learning/quiz.ts';

export interface PlainQuizOptions {
	questions: readonly Question[];
	judge(question: Question, given: readonly string[]): Answered;
	write(text: string): void;
	/** Told once, of the first round: whoever is asked again was told the answer. */
	onScore(answered: readonly Answered[]): Promise<void>;
}

export class PlainQuiz {
	readonly #options: PlainQuizOptions;
	#left: readonly Question[];
	#answered: Answered[] = [];
	#round = 1;
	#isAskingAgain = false;
	#isOver = false;

	constructor(options: PlainQuizOptions) {
		this.#options = options;
		this.#left = options.questions;
	}

	get isOver(): boolean {
		return this.#isOver;
	}

	ask(): void {
		const index = this.#answered.length;
		const question = this.#left[index];
		if (question === undefined) return;
		const { ask, choices, kind } = question;
		this.#options.write(`${index + 1} of ${this.#left.length}. ${ask}`);
		for (const { letter, text } of choices) this.#options.write(`  ${letter}: ${text}`);
		this.#options.write(`${invitations[kind]} quit leaves the quiz.`);
	}

	async take(line: string): Promise<void> {
		if (line === 'quit') this.#isOver = true;
		else if (this.#isAskingAgain) this.#begin(/^y(es)?$/i.test(line));
		else await this.#answer(line);
	}

	async #answer(line: string): Promise<void> {
		const question = this.#left[this.#answered.length] as Question;
		const given = readAnswer(question, line);
		if (given === null) {
			this.#options.write(`There is: ${question.choices.map(({ letter }) => letter).join(', ')}.`);
			return;
		}
		const answer = this.#options.judge(question, given);
		this.#answered.push(answer);
		const verdict = answer.isRight ? '✔ Right.' : `✘ Not right: it is ${answer.answers.join(' and ')}.`;
		this.#options.write(`${verdict} ${answer.explain.replaceAll(/\s+/g, ' ')}\n`);
		if (this.#answered.length < this.#left.length) this.ask();
		else await this.#endRound();
	}

	async #endRound(): Promise<void> {
		if (this.#round === 1) await this.#options.onScore(this.#answered);
		const wrong = this.#answered.filter(({ isRight }) => !isRight).map(({ id }) => id);
		this.#options.write(`${this.#answered.length - wrong.length} of ${this.#answered.length} right.`);
		this.#left = this.#left.filter(({ id }) => wrong.includes(id));
		this.#answered = [];
		this.#round += 1;
		this.#isAskingAgain = wrong.length > 0;
		this.#isOver = wrong.length === 0;
		if (this.#isAskingAgain) this.#options.write('Once more those that were wrong? yes or no.');
	}

	#begin(isWanted: boolean): void {
		this.#isAskingAgain = false;
		this.#isOver = !isWanted;
		if (isWanted) this.ask();
	}
}

const invitations: Record<Question['kind'], string> = {
	single: 'Type its letter.',
	multiple: 'Type the letters of all that are right.',
	typed: 'Type the answer.',
};

/** Letters with anything or nothing between them; null: one of them is no choice. */
function readAnswer({ kind, choices }: Question, line: string): string[] | null {
	if (kind === 'typed') return [line];
	const letters = [...line.toLowerCase().replaceAll(/[^a-z]/g, '')];
	const known = new Set(choices.map(({ letter }) => letter));
	const isReadable = letters.every((letter) => known.has(letter)) && (kind === 'multiple' || letters.length === 1);
	return isReadable ? letters : null;
}
