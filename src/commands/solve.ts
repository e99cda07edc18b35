/** `solve`: the reference answer of a task, shown, or applied once that is agreed to. */

import { callProgram } from '../model/identity.ts';
import type { Task } from '../model/lab.ts';
import { wrapLines } from '../terminal/width.ts';
import type { Context, Register } from './command.ts';
import type { OpenLab } from './graded.ts';

interface Options {
	apply: boolean;
	yes: boolean;
}

export const register: Register = (program, wrap) => {
	program
		.command('solve')
		.description('show the reference answer of a task, or apply it')
		.argument('[task]', 'which task, by number or id (default: the first that is not done)')
		.option('--apply', 'apply it to the cluster', false)
		.option('-y, --yes', 'apply it without asking', false)
		.addHelpText('after', '\nExamples:\n  kubeproctor solve 2\n  kubeproctor solve 2 --apply')
		.action(wrap(solve));
};

/** Seconds to wait for what was applied. */
const timeout = 30;

async function solve(context: Context, asked: string | undefined, options: Options): Promise<number> {
	const [{ gradeKnown, openLab, selectTask }, { findTask }] = await Promise.all([
		import('./graded.ts'),
		import('../grading/index.ts'),
	]);
	if (asked !== undefined) {
		const opened = await openLab(context);
		return solveTask(context, opened, findTask(opened.lab, asked), options);
	}
	const { session, lab, report } = await gradeKnown(context, { timeout: 0 });
	return solveTask(context, { session, lab }, selectTask(lab, report, null).task, options);
}

async function solveTask(
	context: Context,
	{ session, lab }: OpenLab,
	task: Task,
	{ apply, yes }: Options,
): Promise<number> {
	const [{ namesOf }, { readSolution }, { stringifyYaml }] = await Promise.all([
		import('./graded.ts'),
		import('../environment/task-objects.ts'),
		import('../yaml.ts'),
	]);
	const names = namesOf({ session, lab });
	const number = lab.tasks.indexOf(task) + 1;
	if (!apply) {
		const objects = await readSolution(lab, task, names);
		const text = objects.map((object) => stringifyYaml(object).trimEnd()).join('\n---\n');
		context.print(`# Task ${number}: ${task.title}\n${text}`);
		context.say(`\n${callProgram(context.name)} solve ${number} --apply applies it.`);
		return 0;
	}
	return (await applyAnswer(context, { session, lab }, task, yes)) ? judge(context, task.id) : 0;
}

/** False: it is not wanted. */
async function applyAnswer(context: Context, { session, lab }: OpenLab, task: Task, yes: boolean): Promise<boolean> {
	const [{ namesOf }, { listSolved, solveTask: applySolution }, { openCluster }, { withLock }, { confirm }] =
		await Promise.all([
			import('./graded.ts'),
			import('../environment/solve-task.ts'),
			import('../kube/client.ts'),
			import('../session.ts'),
			import('../terminal/prompt.ts'),
		]);
	const { env, signal } = context;
	const request = { lab, task, names: namesOf({ session, lab }) };
	const client = await openCluster(session.cluster);
	try {
		const there = await context.showWait('Looking at the cluster', () => listSolved(client, request, signal));
		const changes = there.length === 0 ? '' : ` This changes ${there.join(', ')}, or makes it anew.`;
		const question = `Apply the reference answer of task ${lab.tasks.indexOf(task) + 1}?${changes}`;
		if (!yes && !(await confirm(question, '--yes applies it without asking.', context))) {
			context.say('Nothing was applied.');
			return false;
		}
		const applied = await context.showWait('Applying it', () =>
			withLock({ name: session.name, env }, 'solve', () => applySolution(client, request, { signal, tell() {} })),
		);
		for (const name of applied) context.print(`Applied ${name}`);
		return true;
	} finally {
		client.close();
	}
}

async function judge(context: Context, asked: string): Promise<number> {
	const [{ gradeKnown, outcomeOf }, { keepReport }, { exitCodes }] = await Promise.all([
		import('./graded.ts'),
		import('./kept-progress.ts'),
		import('../model/error.ts'),
	]);
	const { lab, report } = await gradeKnown(context, { timeout });
	await keepReport(context, report);
	const number = lab.tasks.findIndex(({ id }) => id === asked) + 1;
	const outcome = outcomeOf(report, asked);
	if (outcome === 'pass') {
		context.print(`Task ${number} is done.`);
		return exitCodes.ok;
	}
	const way = `Task ${number} is not done yet. ${callProgram(context.name)} hint ${number} tells what is in the way.`;
	context.print(wrapLines(way, context.width));
	return outcome === 'error' ? exitCodes.machine : exitCodes.learner;
}
