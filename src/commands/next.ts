/** `next`: what was learnt, and what to read for the task that comes next. */

import { nameCalls } from '../model/identity.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Report } from '../model/report.ts';
import { wrapLines } from '../terminal/width.ts';
import type { Context, Register } from './command.ts';

/** Seconds that something which is still starting is waited for. */
const timeout = 10;

export const register: Register = (program, wrap) => {
	program
		.command('next')
		.description('grade, and go on with the next task')
		.option('--no-pager', 'print it in one go')
		.addHelpText('after', '\nExample:\n  kubeproctor next')
		.action(wrap(goOn));
};

async function goOn(context: Context, { pager }: { pager: boolean }): Promise<number> {
	const [{ gradeKnown, outcomeOf, selectTask }, { keepReport }, { exitCodes }] = await Promise.all([
		import('./graded.ts'),
		import('./kept-progress.ts'),
		import('../model/error.ts'),
	]);
	const { lab, report } = await gradeKnown(context, { timeout });
	const fresh = await keepReport(context, report);
	const done = lab.tasks.filter(({ id }) => outcomeOf(report, id) === 'pass');
	const said = describeDone(lab, done, fresh);
	const fit = (lines: readonly string[]) => wrapLines(nameCalls(lines.join('\n'), context.name), context.width);
	if (done.length === lab.tasks.length) {
		context.print(fit([...said, '', ...describeEnd(lab)]));
		return exitCodes.ok;
	}
	const { task, report: found } = selectTask(lab, report, null);
	const before = said.length > 0 ? [fit(said), ''] : [];
	const part = await drawPart(context, lab, task);
	const text = [...before, part, '', fit(describeWay(lab, task, found.outcome))].join('\n');
	if (pager) await context.page(text);
	else context.print(text);
	return found.outcome === 'error' ? exitCodes.machine : exitCodes.ok;
}

/** Those that passed for the first time are named with what they are about. */
function describeDone({ tasks }: Lab, done: readonly Task[], fresh: readonly string[]): string[] {
	const learnt = done.filter(({ id }) => fresh.includes(id));
	const points = learnt.reduce((sum, task) => sum + task.points, 0);
	return [
		...learnt.map((task) => `✔ ${tasks.indexOf(task) + 1}  ${task.title}`),
		...(learnt.length === 0 ? [] : [`New: ${points} points. ${done.length} of ${tasks.length} tasks are done.`]),
	];
}

function describeEnd({ id, tasks, next }: Lab): string[] {
	return [
		`All ${tasks.length} tasks are done.`,
		`kubeproctor quiz ${id} asks what you remember.`,
		...(next === null ? [] : [`kubeproctor up ${next} begins the lab after this one.`]),
	];
}

function describeWay({ tasks }: Lab, task: Task, outcome: Report['tasks'][number]['outcome']): string[] {
	const number = tasks.indexOf(task) + 1;
	if (outcome === 'error') return [`Task ${number} could not be graded. kubeproctor grade tells why.`];
	return [`Next is task ${number}: ${task.title}`, `kubeproctor hint ${number} helps; kubeproctor next goes on.`];
}

/** What the lesson says about the task; its title alone where the lesson has no part for it. */
async function drawPart(context: Context, lab: Lab, task: Task): Promise<string> {
	const [{ readLesson }, { renderMarkdown }, { createLook }] = await Promise.all([
		import('../learning/lesson.ts'),
		import('../learning/markdown.ts'),
		import('./lesson.ts'),
	]);
	const part = (await readLesson(lab)).parts.find(({ id }) => id === task.id);
	return part === undefined ? task.title : renderMarkdown(part.markdown, await createLook(context));
}
