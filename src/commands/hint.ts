/** `hint`: the next hint for a task, which fits what is wrong with it now. */

import type { Block, ChosenHint } from '../learning/hint.ts';
import { nameCalls } from '../model/identity.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Report, TaskReport } from '../model/report.ts';
import { wrap, wrapLines } from '../terminal/width.ts';
import type { Context, Register } from './command.ts';

interface Options {
	again: boolean;
	output: 'text' | 'json';
}

/** Seconds that something which is still starting is waited for: who asks for a hint sits there. */
const timeout = 10;

export const register: Register = (program, wrap) => {
	program
		.command('hint')
		.description('show the next hint, for what is wrong right now')
		.argument('[task]', 'which task, by number or id (default: the first that is not done)')
		.option('--again', 'show the last one once more', false)
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', '\nExamples:\n  kubeproctor hint\n  kubeproctor hint 2\n  kubeproctor hint --again')
		.action(wrap(giveHint));
};

/** A task as it stands, and the hint that comes next; null: it is done, or there is nothing to say. */
export interface TaskHint {
	lab: Lab;
	task: Task;
	report: TaskReport;
	hint: ChosenHint | null;
}

async function giveHint(context: Context, given: string | undefined, options: Options): Promise<number> {
	const [{ gradeKnown }, { exitCodes }] = await Promise.all([import('./graded.ts'), import('../model/error.ts')]);
	const { lab, report, asked } = await gradeKnown(context, { timeout, task: given });
	const found = await findHint(context, lab, report, asked, options.again);
	if (found.report.outcome === 'error') return tellFault(context, found, options);
	if (options.output === 'json') context.print(JSON.stringify(describe(found), null, 2));
	else await show(context, found, asked);
	return exitCodes.ok;
}

/** Writes down that it is shown. */
export async function findHint(
	context: Pick<Context, 'env' | 'say'>,
	lab: Lab,
	report: Report,
	asked: Task | null,
	isAgain: boolean,
): Promise<TaskHint> {
	const [{ chooseHint, listHints }, { openProgressFile }, { noteReport, noteWork, taskOf }, { selectTask }] =
		await Promise.all([
			import('../learning/hint.ts'),
			import('./kept-progress.ts'),
			import('../learning/progress.ts'),
			import('./graded.ts'),
		]);
	const { task, report: found } = selectTask(lab, report, asked);
	const hints = found.outcome === 'fail' ? listHints(task, found) : [];
	const file = await openProgressFile(context);
	const hint = await file.change((learned) => {
		const now = new Date();
		noteReport(learned, report, now);
		const progress = noteWork(learned, lab.id, now);
		if (hints.length === 0) return null;
		const { hints: shown } = taskOf(progress, task.id);
		const chosen = chooseHint(hints, shown, isAgain);
		if (chosen !== null) shown[chosen.about] = Math.max(shown[chosen.about] ?? 0, chosen.step);
		progress.currentTask = task.id;
		return chosen;
	});
	return { lab, task, report: found, hint };
}

function describe({ lab, task, report, hint }: TaskHint) {
	const number = lab.tasks.indexOf(task) + 1;
	return {
		schemaVersion: 1,
		lab: lab.id,
		task: { id: task.id, title: task.title, number, outcome: report.outcome },
		hint: hint && {
			reason: hint.reason,
			number: hint.number,
			of: hint.of,
			isAgain: hint.isAgain,
			...describeBlocks(hint.blocks),
		},
	};
}

function describeBlocks(blocks: readonly Block[]) {
	return {
		text: blocks.map(({ text }) => text).join('\n\n'),
		commands: blocks.filter(({ kind }) => kind === 'commands').map(({ text }) => text),
	};
}

async function show(context: Context, { lab, task, report, hint }: TaskHint, asked: Task | null): Promise<void> {
	const number = lab.tasks.indexOf(task) + 1;
	const print = (text: string) => context.print(wrapLines(nameCalls(text, context.name), context.width));
	if (report.outcome === 'pass') {
		print(asked === null ? 'Every task is done.' : `Task ${number} is done: ${task.title}`);
		return;
	}
	if (asked !== null && asked !== task) print(`${asked.title}: that builds on a task which is not done yet.\n`);
	print(`Task ${number}: ${task.title}\n`);
	if (hint === null) {
		print('There is no hint for this task. kubeproctor lesson tells how it is done.');
		return;
	}
	context.print(await drawFor(context, hint.blocks));
	print(`\nHint ${hint.number} of ${hint.of}. ${describeNext(hint, number)}`);
}

function describeNext({ number, of, isAgain }: ChosenHint, task: number): string {
	if (number < of) return `kubeproctor hint ${task} shows the next.`;
	const again = isAgain ? 'You have seen them all. ' : '';
	return `${again}kubeproctor solve ${task} shows the reference answer.`;
}

async function drawFor({ name, width, hasColour }: Context, blocks: readonly Block[]): Promise<string> {
	const { createPalette } = await import('../terminal/colour.ts');
	return drawBlocks(nameBlocks(blocks, name), width, createPalette(hasColour).bold);
}

/** As they are to be typed for an environment. */
export function nameBlocks(blocks: readonly Block[], name: string | undefined): Block[] {
	return blocks.map(({ kind, text }) => ({ kind, text: nameCalls(text, name) }));
}

/** Prose keeps to the width; what is to be typed stays as it is, and is set off, but for here-documents: blanks hide their end. */
export function drawBlocks(blocks: readonly Block[], width: number, bold: (text: string) => string): string {
	const lines = (text: string) => {
		const indent = text.includes('<<') ? '' : '  ';
		return text.split('\n').map((line) => indent + bold(line));
	};
	return blocks.map(({ kind, text }) => (kind === 'prose' ? wrap(text, width) : lines(text)).join('\n')).join('\n\n');
}

/** The environment is at fault: nothing is counted, and all is said at once. */
async function tellFault(context: Context, found: TaskHint, { output }: Options): Promise<number> {
	const [{ exitCodes }, { readRemedy }] = await Promise.all([
		import('../model/error.ts'),
		import('../learning/hint.ts'),
	]);
	const diagnosis = found.report.checks.find((verdict) => verdict.outcome === 'error')?.diagnosis;
	const blocks: Block[] = [
		{ kind: 'prose', text: diagnosis?.message ?? 'The task could not be looked at.' },
		...readRemedy(diagnosis?.remedy ?? ''),
	];
	if (output === 'json') {
		const fault = { reason: diagnosis?.reason ?? null, ...describeBlocks(blocks) };
		context.print(JSON.stringify({ ...describe(found), fault }, null, 2));
	} else {
		context.print(await drawFor(context, blocks));
	}
	return exitCodes.machine;
}
