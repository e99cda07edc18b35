/** `quiz`: the questions of a lab, on a terminal one by one, or from a file at once. */

import type { Answered, Question } from '../learning/quiz.ts';
import type { Asking } from '../terminal/prompt.ts';
import type { ChosenFolder } from './chosen-lab.ts';
import type { Context, Register } from './command.ts';

interface Options {
	answers?: string;
	output: 'text' | 'json';
}

/** Where nobody can be asked. */
const instead = [
	'--answers FILE takes the answers from a file: a line for each question, its id, a colon, and the answer.',
	'kubeproctor quiz -o json prints the questions.',
].join('\n');

export const register: Register = (program, wrap) => {
	program
		.command('quiz')
		.description("answer a lab's questions")
		.argument('[lab]', 'which lab (default: the one that is set up, else the first)')
		.option('--answers <file>', 'take the answers from this YAML or JSON file; - is stdin')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText(
			'after',
			[
				'\nExit codes: 0 all is right, 1 something is not.',
				'\nExamples:',
				'  kubeproctor quiz',
				'  kubeproctor quiz -o json                      # prints the questions',
				'  kubeproctor quiz --answers answers.yaml',
			].join('\n'),
		)
		.action(wrap(runQuiz));
};

async function runQuiz(context: Context, labId: string | undefined, options: Options): Promise<number> {
	const [{ chooseLabFolder }, { readQuiz }, { exitCodes }] = await Promise.all([
		import('./chosen-lab.ts'),
		import('../learning/quiz.ts'),
		import('../model/error.ts'),
	]);
	const lab = await chooseLabFolder(context, labId);
	const questions = await readQuiz(lab);
	if (options.answers !== undefined) return judgeFile(context, lab, questions, options.answers, options.output);
	if (options.output === 'text') return (await takeQuiz(context, lab.id, questions)) ? exitCodes.ok : exitCodes.learner;
	const shown = questions.map(({ id, ask, kind, choices }) => ({ id, ask, kind, choices }));
	context.print(JSON.stringify({ schemaVersion: 1, lab: lab.id, questions: shown }, null, 2));
	return exitCodes.ok;
}

/** Asks at the terminal, and the wrong ones again as often as that is wanted. Whether all were right at last. */
export async function takeQuiz(context: Context, lab: string, questions: readonly Question[]): Promise<boolean> {
	const { confirm, refuseToAsk } = await import('../terminal/prompt.ts');
	refuseToAsk('the questions of the quiz', instead, context);
	let left = questions;
	for (let round = 1; ; round++) {
		const wrong: Question[] = [];
		const answered: Answered[] = [];
		for (const [index, question] of left.entries()) {
			const answer = await askQuestion(context, question, `${index + 1} of ${left.length}`);
			if (!answer.isRight) wrong.push(question);
			answered.push(answer);
		}
		// Whoever is asked again was told the answer.
		if (round === 1) await keepScore(context, lab, answered);
		context.print(`${left.length - wrong.length} of ${left.length} right.`);
		if (wrong.length === 0) return true;
		const question =
			wrong.length === 1 ? 'Once more the one that was wrong?' : `Once more the ${wrong.length} that were wrong?`;
		if (!(await confirm(question, instead, context))) return false;
		left = wrong;
	}
}

async function askQuestion(context: Context, question: Question, place: string): Promise<Answered> {
	const [{ judgeAnswer }, { renderInline }, { createLook }, { createPalette }] = await Promise.all([
		import('../learning/quiz.ts'),
		import('../learning/markdown.ts'),
		import('./lesson.ts'),
		import('../terminal/colour.ts'),
	]);
	const look = await createLook(context);
	const { bold, green, red } = createPalette(context.hasColour);
	const asked = await wrapTo(context, `${place}  ${question.ask}`);
	context.print(`\n${asked.replace(place, bold)}`);
	const given = await askAnswer(question, context);
	const answer = judgeAnswer(question, given);
	const verdict = answer.isRight ? '✔ Right.' : `✘ Not right. ${describeAnswer(question)}`;
	const told = (await wrapTo(context, verdict)).replace('✔ Right.', green).replace('✘ Not right.', red);
	context.print(`${told}\n${await wrapTo(context, renderInline(question.explain, look))}`);
	return answer;
}

async function askAnswer({ kind, choices }: Question, asking: Asking): Promise<string[]> {
	const { askChoice, askChoices, askText } = await import('../terminal/prompt.ts');
	const shown = choices.map(({ letter, text }) => ({ value: letter, name: `${letter}  ${text}` }));
	if (kind === 'typed') return [await askText('Your answer:', instead, asking)];
	if (kind === 'single') return [await askChoice('Your answer:', shown, instead, asking)];
	return askChoices('All that are right:', shown, instead, asking);
}

/** With the words of what is right, since a list of choices is gone once one is taken. */
function describeAnswer({ kind, choices, answers }: Question): string {
	if (kind === 'typed') return `It is ${answers[0]}.`;
	const [first, ...more] = choices.filter(({ letter }) => answers.includes(letter));
	if (more.length === 0) return `It is ${first?.letter}: ${first?.text}`;
	return ['These are:', ...[first, ...more].map((each) => `  ${each?.letter}  ${each?.text}`)].join('\n');
}

async function wrapTo({ width }: Context, text: string): Promise<string> {
	const { wrapLines } = await import('../terminal/width.ts');
	return wrapLines(text, width);
}

async function judgeFile(
	context: Context,
	lab: ChosenFolder,
	questions: readonly Question[],
	file: string,
	output: Options['output'],
): Promise<number> {
	const [{ judgeAnswers }, { exitCodes }] = await Promise.all([
		import('../learning/quiz.ts'),
		import('../model/error.ts'),
	]);
	const answered = judgeAnswers(questions, await readAnswers(file));
	await keepScore(context, lab.id, answered);
	const right = answered.filter(({ isRight }) => isRight).length;
	if (output === 'json') {
		const score = { right, questions: questions.length };
		context.print(JSON.stringify({ schemaVersion: 1, lab: lab.id, score, questions: answered }, null, 2));
	} else {
		for (const { id, isRight, explain } of answered) {
			context.print(await wrapTo(context, `${isRight ? '✔' : '✘'} ${id}\n${explain}\n`));
		}
		context.print(`${right} of ${questions.length} right.`);
	}
	return right === questions.length ? exitCodes.ok : exitCodes.learner;
}

/** Throws UsageError where the file cannot be read, or is no YAML. */
async function readAnswers(file: string): Promise<unknown> {
	const [{ readFile }, consumers, { parseOwn }, { describeError, UsageError }] = await Promise.all([
		import('node:fs/promises'),
		import('node:stream/consumers'),
		import('../yaml.ts'),
		import('../model/error.ts'),
	]);
	const read = file === '-' ? consumers.text(process.stdin) : readFile(file, 'utf8');
	const text = await read.catch((error) => {
		throw new UsageError(`The answers cannot be read: ${describeError(error)}`);
	});
	const { data, issues } = parseOwn(text);
	const [first] = issues;
	if (first !== undefined) {
		throw new UsageError(
			`${file}:${first.line}:${first.column}: ${first.message}`,
			'The answers must be YAML or JSON.',
		);
	}
	return data;
}

export async function keepScore(
	context: Pick<Context, 'env' | 'say'>,
	lab: string,
	answered: readonly Answered[],
): Promise<void> {
	const [{ openProgressFile }, { noteWork }] = await Promise.all([
		import('./kept-progress.ts'),
		import('../learning/progress.ts'),
	]);
	const file = await openProgressFile(context);
	const wrong = answered.filter(({ isRight }) => !isRight).map(({ id }) => id);
	await file.change((learned) => {
		const now = new Date();
		noteWork(learned, lab, now).quiz = {
			answeredAt: now.toISOString(),
			right: answered.length - wrong.length,
			questions: answered.length,
			wrong,
		};
	});
}
