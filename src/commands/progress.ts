/** `progress`: what the learner has done so far, lab by lab. */

import type { LabProgress, Learned, ProgressFile } from '../learning/progress.ts';
import type { Lab } from '../model/lab.ts';
import { wrapLines } from '../terminal/width.ts';
import type { Context, Register } from './command.ts';

interface Options {
	reset?: string | true;
	yes: boolean;
	output: 'text' | 'json';
}

/** One lab that was begun, as `-o json` has it. */
interface Row extends Omit<LabProgress, 'tasks'> {
	id: string;
	title: string;
	score: { earned: number; possible: number };
	tasks: { id: string; title: string; passedAt: string | null; earned: number; possible: number; hints: number }[];
}

export const register: Register = (program, wrap) => {
	program
		.command('progress')
		.description('show what you have done so far, in every lab')
		.option('--reset [lab]', 'forget it, of one lab or of all')
		.option('-y, --yes', 'forget without asking', false)
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', '\nExamples:\n  kubeproctor progress\n  kubeproctor progress --reset image-pull-policy')
		.action(wrap(showProgress));
};

async function showProgress(context: Context, options: Options): Promise<number> {
	const { openProgressFile } = await import('./kept-progress.ts');
	const file = await openProgressFile(context);
	if (options.reset !== undefined) await forget(context, file, options.reset, options);
	const rows = await describeLabs(await file.read());
	if (options.output === 'json') context.print(JSON.stringify({ schemaVersion: 1, labs: rows }, null, 2));
	else if (options.reset === undefined) await show(context, rows);
	return 0;
}

async function forget(context: Context, file: ProgressFile, which: string | true, { yes }: Options): Promise<void> {
	const known = Object.keys((await file.read()).labs);
	if (which !== true && !known.includes(which)) await (await import('../lab/index.ts')).loadLab(which);
	const labs = which === true ? known : known.filter((id) => id === which);
	if (labs.length > 0 && !yes) {
		const { confirm } = await import('../terminal/prompt.ts');
		const question = `Forget what was done in ${labs.join(', ')}?`;
		if (!(await confirm(question, '--yes forgets it without asking.', context))) {
			context.say('Nothing was forgotten.');
			return;
		}
	}
	await file.change((learned) => {
		for (const id of labs) delete learned.labs[id];
	});
	context.say(labs.length === 0 ? 'There was nothing to forget.' : `Forgotten: ${labs.join(', ')}.`);
}

/** In the order in which they were worked at, the last one last. A lab that is gone keeps what was earned in it. */
async function describeLabs({ labs }: Learned): Promise<Row[]> {
	const { listLabFolders, loadLab } = await import('../lab/index.ts');
	const there = await listLabFolders();
	const begun = Object.entries(labs).sort(([, one], [, other]) => one.lastAt.localeCompare(other.lastAt));
	return Promise.all(
		begun.map(async ([id, known]) => describeLab(id, known, there.has(id) ? await loadLab(id) : null)),
	);
}

function describeLab(id: string, known: LabProgress, lab: Lab | null): Row {
	const tasks = (lab?.tasks ?? Object.keys(known.tasks).map((task) => ({ id: task, title: task, points: 0 }))).map(
		({ id: task, title, points }) => {
			const { passedAt = null, points: earned = 0, hints = {} } = known.tasks[task] ?? {};
			const shown = Object.values(hints).reduce((total, count) => total + count, 0);
			return { id: task, title, passedAt, earned, possible: Math.max(points, earned), hints: shown };
		},
	);
	const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
	return {
		...known,
		id,
		title: lab?.title ?? id,
		score: { earned: sum(tasks.map(({ earned }) => earned)), possible: sum(tasks.map(({ possible }) => possible)) },
		tasks,
	};
}

async function show(context: Context, rows: readonly Row[]): Promise<void> {
	const { place } = await import('../reporters/task-line.ts');
	const print = (left: string, right: string) =>
		context.print(place(left, right, context.width, ' '.repeat(5)).join('\n'));
	for (const { title, score, tasks, quiz, seconds } of rows) {
		print(title, `${score.earned} / ${score.possible}`);
		for (const [index, { title: task, passedAt, earned, possible, hints }] of tasks.entries()) {
			const help = hints === 0 ? '' : ` (${hints} ${hints === 1 ? 'hint' : 'hints'})`;
			print(`${passedAt === null ? '–' : '✔'} ${index + 1}  ${task}${help}`, `${earned} / ${possible}`);
		}
		const taken = quiz === null ? 'quiz not taken' : `quiz ${quiz.right} of ${quiz.questions}`;
		context.print(`     ${taken}, ${describeTime(seconds)}\n`);
	}
	if (rows.length === 0) context.print('Nothing yet.\n');
	context.print(wrapLines('kubeproctor list shows the labs there are.', context.width));
}

function describeTime(seconds: number): string {
	const minutes = Math.round(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
