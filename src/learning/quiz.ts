/** A lab's quiz: its questions, and whether an answer to one is right. */

import { loadQuiz } from '../lab/load-quiz.ts';
import { findClosest } from '../model/closest.ts';
import { UsageError } from '../model/error.ts';
import type { Lab } from '../model/lab.ts';

export interface Question {
	id: string;
	ask: string;
	kind: 'single' | 'multiple' | 'typed';
	/** Empty where the answer is typed. */
	choices: { letter: string; text: string }[];
	/** Letters of the right choices; of a typed answer every spelling that counts. */
	answers: string[];
	explain: string;
}

export interface Answered {
	id: string;
	isRight: boolean;
	/** Letters, or what was typed; empty: it was left out. */
	given: string[];
	/** As it is right. */
	answers: string[];
	explain: string;
}

export async function readQuiz(lab: Pick<Lab, 'id' | 'folder'>): Promise<Question[]> {
	const { spec } = await loadQuiz(lab);
	return spec.questions.map(({ id, ask, kind, choices = {}, answer, explain }) => ({
		...{ id, ask: ask.trim(), kind, explain: explain.trim() },
		choices: Object.entries(choices).map(([letter, text]) => ({ letter, text: text.trim() })),
		answers: [answer].flat(),
	}));
}

/** Of several choices all the right ones and no other; what is typed in any case, and with any blanks around it. */
export function judgeAnswer({ id, kind, answers, explain }: Question, given: readonly string[]): Answered {
	const wanted = new Set(answers.map(kind === 'typed' ? fold : (letter) => letter));
	const said = new Set(given.map(kind === 'typed' ? fold : (letter) => letter));
	const isRight =
		kind === 'typed'
			? said.size > 0 && [...said].every((text) => wanted.has(text))
			: said.size === wanted.size && [...said].every((letter) => wanted.has(letter));
	return { id, isRight, given: [...given], answers, explain };
}

function fold(text: string): string {
	return text
		.trim()
		.replaceAll(/\s+/g, ' ')
		.replace(/^(["'`])(.*)\1$/, '$2')
		.toLowerCase();
}

/** Questions by id, answers by question, as a file has them. Throws UsageError for what answers no question. */
export function judgeAnswers(questions: readonly Question[], data: unknown): Answered[] {
	if (typeof data !== 'object' || data === null || Array.isArray(data)) {
		throw new UsageError('The answers are no map.', 'Write a line for each question: its id, a colon, and the answer.');
	}
	const answers = Object.entries(data).map(([id, given]) => {
		const question = questions.find((each) => each.id === id);
		if (question === undefined)
			throw unknown(
				`The quiz has no question ${id}.`,
				id,
				questions.map((each) => each.id),
			);
		return [id, readGiven(question, given)] as const;
	});
	const given = new Map(answers);
	return questions.map((question) => judgeAnswer(question, given.get(question.id) ?? []));
}

function readGiven({ id, kind, choices }: Question, data: unknown): string[] {
	const given = [data ?? []].flat();
	if (!given.every((each) => ['string', 'number', 'boolean'].includes(typeof each))) {
		throw new UsageError(`The answer to ${id} is neither text nor a list of texts.`);
	}
	const texts = given.map(String);
	if (kind !== 'multiple' && texts.length > 1) throw new UsageError(`The question ${id} takes one answer.`);
	const letters = choices.map(({ letter }) => letter);
	const wrong = kind === 'typed' ? undefined : texts.find((text) => !letters.includes(text));
	if (wrong !== undefined) throw unknown(`The question ${id} has no choice ${wrong}.`, wrong, letters);
	return texts;
}

function unknown(message: string, word: string, known: readonly string[]): UsageError {
	const closest = word.length < 3 ? null : findClosest(word, known);
	return new UsageError(message, closest === null ? `There are: ${known.join(', ')}.` : `Did you mean ${closest}?`);
}
