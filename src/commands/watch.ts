/** `watch`: the tasks as they are now, from the moment that something changes on. */

import { describeProblem, InterruptedError, type LabError } from '../model/error.ts';
import { nameCalls } from '../model/identity.ts';
import type { Report } from '../model/report.ts';
import type { Context, Register } from './command.ts';

interface Options {
	output: 'text' | 'json';
	exitWhenPassed: boolean;
	plain: boolean;
}

/** How what is seen is told. */
interface Teller {
	/** Around what has to be waited for before anything can be told. */
	showStart(work: () => Promise<unknown>): Promise<unknown>;
	report(report: Report): void;
	lost(problem: LabError): void;
	/** What else there is to say. */
	say(text: string): void;
	end(): void;
}

export const register: Register = (program, wrap) => {
	program
		.command('watch')
		.description('see tasks turn green as you work')
		.argument('[lab]', 'which lab (default: the one that is set up)')
		.option('--exit-when-passed', 'end, with 0, once every task is done', false)
		.option('--plain', 'a line for each change, and nothing drawn anew', false)
		.addOption(
			program
				.createOption('-o, --output <format>', 'how to print it; json: one line for each change')
				.choices(['text', 'json'])
				.default('text'),
		)
		.addHelpText(
			'after',
			[
				'\nIt listens to the cluster, and costs nothing while nothing happens.',
				'Ctrl-C ends it.',
				'\nExamples:',
				'  kubeproctor watch',
				'  kubeproctor watch --exit-when-passed -o json',
			].join('\n'),
		)
		.action(wrap(watch));
};

async function watch(context: Context, labId: string | undefined, options: Options): Promise<number> {
	const { followEnvironment } = await import('./followed.ts');
	const done = new AbortController();
	const teller = await openTeller(context, options, () => done.abort());
	const keeper = await openKeeper({ env: context.env, say: teller.say });
	let begin = () => {};
	const firstReport = new Promise<void>((resolve) => {
		begin = resolve;
	});
	const following = followEnvironment(context, labId, AbortSignal.any([context.signal, done.signal]), {
		onReport(report) {
			begin();
			teller.report(report);
			keeper.keep(report);
			if (options.exitWhenPassed && report.tasks.every(({ outcome }) => outcome === 'pass')) done.abort();
		},
		onLost(problem) {
			begin();
			teller.lost(problem);
		},
	});
	try {
		await teller.showStart(() => Promise.race([firstReport, following]));
		return await following;
	} catch (error) {
		if (done.signal.aborted) return 0;
		// There is no other way to end it, so Ctrl-C is one that ends it well.
		const isEnd = error instanceof InterruptedError && error.signal === 'SIGINT' && !options.exitWhenPassed;
		if (isEnd) return 0;
		throw error;
	} finally {
		teller.end();
		await keeper.end();
	}
}

interface Keeper {
	keep(report: Report): void;
	/** Resolves once all is written down. */
	end(): Promise<unknown>;
}

/** Writes down what was done, once for each change. */
async function openKeeper(context: Pick<Context, 'env' | 'say'>): Promise<Keeper> {
	const [{ openProgressFile }, { noteReport }, { listChanges }] = await Promise.all([
		import('./kept-progress.ts'),
		import('../learning/progress.ts'),
		import('../grading/index.ts'),
	]);
	const file = await openProgressFile(context);
	let last: Report | null = null;
	let written: Promise<unknown> = Promise.resolve();
	return {
		keep(report) {
			if (listChanges(last, report).length > 0)
				written = file.change((learned) => noteReport(learned, report, new Date()));
			last = report;
		},
		end: () => written,
	};
}

/** `leave` is called when nobody reads any more. */
async function openTeller(context: Context, options: Options, leave: () => void): Promise<Teller> {
	const { stdout } = process;
	stdout.once('error', leave);
	if (options.output === 'json') return openJsonTeller(context);
	return context.isLive && !options.plain ? openLiveTeller(context) : openPlainTeller(context);
}

const seenLast = 'What is above is what was seen last.';

async function openLiveTeller(context: Context): Promise<Teller> {
	const [{ openPane }, { listTasks }, { chooseWidth, wrap }, { createPalette }] = await Promise.all([
		import('../terminal/pane.ts'),
		import('../reporters/task-list.ts'),
		import('../terminal/width.ts'),
		import('../terminal/colour.ts'),
	]);
	const { stdout } = process;
	const pane = openPane({ stream: stdout });
	const { dim, yellow } = createPalette(context.hasColour);
	const startedAt = performance.now();
	let last: Report | null = null;
	let problem: LabError | null = null;

	function draw(): string[] {
		const width = chooseWidth(stdout);
		const tasks =
			last === null
				? []
				: [...listTasks(last, { width, isColoured: context.hasColour }, ({ outcome }) => outcome !== 'pass'), ''];
		if (problem === null) return [...tasks, ...wrap(describeState(last, startedAt), width).map(dim)];
		const { message, remedy } = problem;
		const [first = '', ...rest] = wrap(`? ${describeProblem({ message, remedy: seenLast })}`, width);
		return [...tasks, first.replace('?', yellow('?')), ...rest, ...wrap(nameCalls(remedy, context.name), width)];
	}

	return {
		async showStart(work) {
			const timer = setInterval(() => pane.show(draw), 100);
			try {
				pane.show(draw);
				await work();
			} finally {
				clearInterval(timer);
			}
		},
		say: (text) => pane.print(() => text),
		report(report) {
			last = report;
			problem = null;
			pane.show(draw);
		},
		lost(given) {
			problem = given;
			pane.show(draw);
		},
		end: () => pane.close(),
	};
}

function describeState(report: Report | null, startedAt: number): string {
	if (report === null) return `Looking at the cluster… ${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
	const isDone = report.tasks.every(({ outcome }) => outcome === 'pass');
	return `${isDone ? 'All tasks are done. ' : ''}Watching ${report.environment.name}; Ctrl-C ends it.`;
}

async function openPlainTeller({ name, print, say, showWait }: Context): Promise<Teller> {
	const [{ listChanges }, { writeTask }] = await Promise.all([
		import('../grading/index.ts'),
		import('../reporters/task-list.ts'),
	]);
	let last: Report | null = null;
	let isLost = false;
	return {
		showStart: (work) => showWait('Looking at the cluster', work),
		say,
		report(report) {
			if (isLost) print('The cluster answers again.');
			isLost = false;
			const changes = listChanges(last, report);
			if (last?.lab.id !== report.lab.id) print(report.lab.title);
			for (const { task } of changes) print(writeTask(task));
			const { earned, possible } = report.score;
			if (earned !== last?.score.earned) print(`${earned} of ${possible} points.`);
			last = report;
		},
		lost(problem) {
			isLost = true;
			print(`? ${nameCalls(describeProblem(problem), name)}`);
		},
		end() {},
	};
}

async function openJsonTeller({ print, say, showWait }: Context): Promise<Teller> {
	const { listChanges } = await import('../grading/index.ts');
	let last: Report | null = null;
	let isLost = false;
	const write = (line: object) => print(JSON.stringify({ schemaVersion: 1, ...line }));
	return {
		showStart: (work) => showWait('Looking at the cluster', work),
		say,
		report(report) {
			const { lab, score } = report;
			const at = new Date().toISOString();
			if (isLost) write({ type: 'cluster', at, isLost: false });
			isLost = false;
			for (const { before, task } of listChanges(last?.lab.id === lab.id ? last : null, report)) {
				write({ type: 'task', at, lab: lab.id, number: task.number, before: before?.outcome ?? null, task, score });
			}
			last = report;
		},
		lost({ code, message, remedy }) {
			isLost = true;
			write({ type: 'cluster', at: new Date().toISOString(), isLost: true, code, message, remedy });
		},
		end() {},
	};
}
