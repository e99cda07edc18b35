/** `reset`: a task, and those that need it, as on the first day; everything else stays. */

import type { ResetPlan } from '../environment/reset-tasks.ts';
import { callProgram } from '../model/identity.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Context, Register } from './command.ts';

interface Options {
	all: boolean;
	yes: boolean;
	output: 'text' | 'json';
}

export const register: Register = (program, wrap) => {
	program
		.command('reset')
		.description('undo a task, and those that need it, and nothing else')
		.argument('[task]', 'which task, by number or id')
		.option('--all', 'the whole lab, and whatever else was done', false)
		.option('-y, --yes', 'delete without asking', false)
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', '\nExamples:\n  kubeproctor reset 2\n  kubeproctor reset --all')
		.action(wrap(reset));
};

async function reset(context: Context, asked: string | undefined, options: Options): Promise<number> {
	if ((asked === undefined) !== options.all) {
		const { UsageError } = await import('../model/error.ts');
		const message = options.all ? '--all and a task do not go together.' : 'Which task is to be undone?';
		throw new UsageError(message, 'kubeproctor reset 2 undoes the second; kubeproctor reset --all undoes all of them.');
	}
	return asked === undefined ? resetAll(context, options) : resetTask(context, asked, options);
}

/** Says what it did. */
export async function resetTask(
	context: Context,
	asked: string,
	options: Pick<Options, 'yes' | 'output'>,
): Promise<number> {
	const [
		{ openLab, namesOf },
		{ findTask },
		{ openCluster },
		{ withLock },
		{ withDependants },
		{ planReset, resetTasks },
	] = await Promise.all([
		import('./graded.ts'),
		import('../grading/index.ts'),
		import('../kube/client.ts'),
		import('../session.ts'),
		import('../environment/task-objects.ts'),
		import('../environment/reset-tasks.ts'),
	]);
	const { env, signal } = context;
	const { session, lab } = await openLab(context);
	const tasks = withDependants(lab, findTask(lab, asked));
	const client = await openCluster(session.cluster);
	const request = {
		...{ client, lab, label: session.label, isShared: session.provider === 'existing' },
		names: namesOf({ session, lab }),
	};
	try {
		const plan = await context.showWait('Looking at the cluster', () => planReset(request, tasks, signal));
		if (!(await mayDelete(context, lab, tasks, plan, options))) return 0;
		const done = await context.showWait(`Undoing ${describeTasks(lab, tasks)}`, () =>
			withLock({ name: session.name, env }, 'reset', () => resetTasks(request, plan, { signal, tell() {} })),
		);
		if (options.output === 'json') {
			const undone = tasks.map(({ id }) => id);
			context.print(JSON.stringify({ schemaVersion: 1, lab: lab.id, tasks: undone, ...done }, null, 2));
			return 0;
		}
		for (const name of done.deleted) context.print(`Deleted ${name}`);
		for (const name of done.restored) context.print(`Put back ${name}`);
		const what = describeTasks(lab, tasks);
		context.print(
			`${what.charAt(0).toUpperCase()}${what.slice(1)} ${tasks.length === 1 ? 'is' : 'are'} as on the first day.`,
		);
		return 0;
	} finally {
		client.close();
	}
}

/** What only the lab had put there needs no leave: it is put back. */
async function mayDelete(
	context: Context,
	lab: Lab,
	tasks: readonly Task[],
	{ doomed, emptied }: ResetPlan,
	{ yes }: Pick<Options, 'yes'>,
): Promise<boolean> {
	const [{ nameObject }, { confirm }] = await Promise.all([
		import('../environment/task-objects.ts'),
		import('../terminal/prompt.ts'),
	]);
	const theirs = doomed.filter(({ isOurs }) => !isOurs);
	if (yes || theirs.length + emptied.length === 0) return true;
	const deleted = theirs.length === 0 ? [] : [`deletes ${theirs.map(nameObject).join(', ')}`];
	const cleared = emptied.map((account) => `takes every Secret off the list of ${nameObject(account)}`);
	const question = `Undo ${describeTasks(lab, tasks)}? This ${[...deleted, ...cleared].join(', and ')}.`;
	const number = lab.tasks.indexOf(tasks[0] as Task) + 1;
	const instead = `${callProgram(context.name)} reset ${number} --yes does it without asking.`;
	if (await confirm(question, instead, context)) return true;
	context.say('Nothing was deleted.');
	return false;
}

function describeTasks({ tasks }: Lab, undone: readonly Task[]): string {
	const numbers = undone.map((task) => tasks.indexOf(task) + 1);
	return `${numbers.length === 1 ? 'task' : 'tasks'} ${numbers.join(', ')}`;
}

/** As `up --reset`, once it is clear that this is meant; one that was interrupted goes on. */
async function resetAll(context: Context, { yes, output }: Options): Promise<number> {
	const [{ openRecord }, { loadLab }, { bringUpLab, plainOptions }] = await Promise.all([
		import('../session.ts'),
		import('../lab/index.ts'),
		import('./up.ts'),
	]);
	const { name, record } = await openRecord(context.name, context.env);
	const lab = await loadLab(record.lab);
	if (!yes && !record.isResetting && !(await mayEmpty(context, name, Object.values(record.namespaces)))) return 0;
	await bringUpLab({ ...context, name }, lab.id, { ...plainOptions, reset: true, output });
	const undone = lab.tasks.map(({ id }) => id);
	if (output === 'json') context.print(JSON.stringify({ schemaVersion: 1, lab: lab.id, tasks: undone }, null, 2));
	else context.print('Every task is as on the first day.');
	return 0;
}

async function mayEmpty(context: Context, name: string, namespaces: readonly string[]): Promise<boolean> {
	const [{ openSession }, { openCluster }, { listMade }, { confirm }] = await Promise.all([
		import('../session.ts'),
		import('../kube/client.ts'),
		import('../environment/empty-namespaces.ts'),
		import('../terminal/prompt.ts'),
	]);
	const client = await openCluster((await openSession(name, { env: context.env })).cluster);
	try {
		const made = await listMade(client, namespaces, context.signal);
		const what = made.length === 0 ? '' : ` This deletes ${made.join(', ')}.`;
		const question = `Take away all that was done in environment ${name}?${what}`;
		if (await confirm(question, '--yes does it without asking.', context)) return true;
	} finally {
		client.close();
	}
	context.say('Nothing was deleted.');
	return false;
}
