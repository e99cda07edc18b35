/** `grade`: looks at the live cluster and says, task by task, what is right, what is wrong and why. */

import { describeError, LabError, UsageError } from '../model/error.ts';
import type { Report } from '../model/report.ts';
import type { ReportFormat } from '../reporters/index.ts';
import type { Context, Register } from './command.ts';

interface Options extends LiveOptions {
	output: ReportFormat;
	outputFile?: string;
	evidence?: string;
	allowChangedLab: boolean;
}

interface LiveOptions {
	task?: string;
	/** Seconds; default: as `waitFor` says. */
	timeout?: number | undefined;
	/** Whether a pull that is about to be tried again is waited for. */
	wait?: boolean;
	saveEvidence?: string;
	tryCredentials: boolean;
}

/** Seconds: what starts, starts sooner; a kubelet tries again within 5 min 15 s. */
const waitFor = { starting: 30, retry: 330 };

export const register: Register = (program, wrap) => {
	program
		.command('grade [lab]')
		.description('grade the live cluster')
		.option('-t, --task <task>', 'only this task, by number or id')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.option('--output-file <file>', 'write the report into a file instead')
		.option('--wait', 'wait as well for a pull that the kubelet has still to try again', false)
		.option(
			'--timeout <seconds>',
			`how long to wait for what is still starting (default: ${waitFor.starting}, with --wait ${waitFor.retry})`,
			readSeconds,
		)
		.option('--save-evidence <file>', 'keep what was seen, to grade it again later')
		.option('--evidence <file>', 'grade what was kept, without a cluster')
		.option('--allow-changed-lab', 'with --evidence, judge by a lab that has changed since', false)
		.option('--try-credentials', 'send what learners wrote to a registry that is not ours too', false)
		.addHelpText(
			'after',
			[
				'\nExit codes: 0 all is right, 1 something is not, 3 something could not be told.',
				'\nExamples:',
				'  kubeproctor grade',
				'  kubeproctor grade --task 2',
				'  kubeproctor grade --wait',
				'  kubeproctor grade -o json --output-file report.json',
			].join('\n'),
		)
		.action(wrap(runGrade));
};

async function runGrade(context: Context, lab: string | undefined, options: Options): Promise<number> {
	const report =
		options.evidence === undefined
			? await context.showWait('Looking at the cluster', () => gradeLive(context, lab, options))
			: await gradeKept(options.evidence, lab, options);
	if (options.evidence === undefined) await (await import('./kept-progress.ts')).keepReport(context, report);
	const { reporters } = await import('../reporters/index.ts');
	const isFile = options.outputFile !== undefined;
	const { name, width, hasColour } = context;
	const text = reporters[options.output](report, { width, isColoured: hasColour && !isFile, name });
	if (options.outputFile === undefined) context.print(text);
	else await writeReport(options.outputFile, text);
	return chooseExitCode(report);
}

export async function gradeLive(context: Context, labId: string | undefined, options: LiveOptions): Promise<Report> {
	const [{ openLab, tellOnce }, { gradeLab }, { systemClock }] = await Promise.all([
		import('./graded.ts'),
		import('../grading/grade.ts'),
		import('../model/clock.ts'),
	]);
	const { session, lab } = await openLab(context, { labId, mayTryCredentials: options.tryCredentials });
	const { report, evidence } = await gradeLab({
		lab,
		session,
		task: options.task,
		timeout: (options.timeout ?? (options.wait ? waitFor.retry : waitFor.starting)) * 1000,
		awaitsRetry: options.wait,
		clock: systemClock,
		signal: context.signal,
		onWait: tellOnce(context),
	});
	if (options.saveEvidence !== undefined)
		await (await import('../grading/index.ts')).saveEvidence(options.saveEvidence, evidence);
	return report;
}

async function gradeKept(file: string, labId: string | undefined, options: Options): Promise<Report> {
	if (options.saveEvidence !== undefined) {
		throw new UsageError('--evidence and --save-evidence do not go together: nothing new is seen.');
	}
	if (options.wait) throw new UsageError('--evidence and --wait do not go together: what was kept does not change.');
	const [{ loadLab }, { gradeEvidence, readEvidence }] = await Promise.all([
		import('../lab/load.ts'),
		import('../grading/index.ts'),
	]);
	const evidence = await readEvidence(file);
	const { hosts, namespaces } = evidence;
	const lab = await loadLab(labId ?? evidence.lab.id, { hosts, namespaces });
	return gradeEvidence(lab, evidence, { task: options.task, mayHaveChanged: options.allowChangedLab });
}

function chooseExitCode({ tasks }: Report): number {
	const outcomes = tasks.map((task) => task.outcome);
	if (outcomes.includes('fail')) return 1;
	if (outcomes.includes('error')) return 3;
	return outcomes.includes('skip') ? 1 : 0;
}

async function writeReport(file: string, text: string): Promise<void> {
	const { writeFile } = await import('node:fs/promises');
	try {
		await writeFile(file, `${text}\n`);
	} catch (error) {
		throw new LabError({
			code: 'file-not-written',
			message: `The report could not be written to ${file}: ${describeError(error)}`,
			remedy: 'Name a file in a folder that exists and has room.',
		});
	}
}

function readSeconds(text: string): number {
	const seconds = Number(text);
	if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0) {
		throw new UsageError(`--timeout takes a number of seconds, not ${text}.`);
	}
	return seconds;
}
