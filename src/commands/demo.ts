/** `demo`: the whole story in one go, on an environment of its own that is thrown away at the end. */

import { LabError } from '../model/error.ts';
import type { Report } from '../model/report.ts';
import type { Context, Register } from './command.ts';

interface Options {
	provider: 'auto' | 'kind';
	nodeImage?: string;
}

export const register: Register = (program, wrap) => {
	program
		.command('demo')
		.description('the whole story in one go, then everything is removed')
		.addOption(
			program
				.createOption('--provider <provider>', 'where the cluster comes from')
				.choices(['auto', 'kind'])
				.default('auto'),
		)
		.option('--node-image <image>', 'node image of kind (default: its own)')
		.addHelpText('after', '\nExample:\n  kubeproctor demo --provider kind')
		.action(wrap(runDemo));
};

async function runDemo(given: Context, options: Options): Promise<number> {
	const context = { ...given, name: given.name ?? (await inventName()) };
	const { bringUpLab, plainOptions } = await import('./up.ts');
	tell(context, `kubeproctor --name ${context.name} up`);
	await bringUpLab(context, undefined, { ...plainOptions, ...options });
	try {
		await playStory(context);
	} finally {
		await removeAll(context);
	}
	return 0;
}

/** Throws LabError where the story does not go as it should. */
async function playStory(context: Context): Promise<void> {
	const before = await gradeAndShow(context);
	if (before.score.earned > 0) throw wrongStory('Something passed before anything was done.');
	await applySolution(context);
	const after = await gradeAndShow(context);
	if (after.score.earned < after.score.possible) throw wrongStory('The reference answer did not pass.');
}

async function gradeAndShow(context: Context): Promise<Report> {
	const [{ gradeLive }, { reporters }] = await Promise.all([import('./grade.ts'), import('../reporters/index.ts')]);
	tell(context, `kubeproctor --name ${context.name} grade`);
	const report = await gradeLive(context, undefined, { timeout: 60, tryCredentials: false });
	context.print(reporters.text(report, { width: context.width, isColoured: context.hasColour }));
	return report;
}

/** With kubectl, as a learner does it: task by task. */
async function applySolution(context: Context): Promise<void> {
	const [{ openSession }, { loadLab }, { runProgram }, { join }] = await Promise.all([
		import('../session.ts'),
		import('../lab/index.ts'),
		import('../exec.ts'),
		import('node:path'),
	]);
	const { cluster, lab: id } = await openSession(context.name, { env: context.env });
	const lab = await loadLab(id);
	for (const task of lab.tasks) {
		tell(context, `kubectl apply -f labs/${id}/solution/${task.id}`);
		const folder = join(lab.folder, 'solution', task.id);
		const { stdout } = await runProgram('kubectl', ['--kubeconfig', cluster.kubeconfig, 'apply', '-f', folder], {
			signal: context.signal,
		});
		context.print(stdout);
	}
}

/** Also after Ctrl-C: what is thrown away is thrown away whole. */
async function removeAll(context: Context): Promise<void> {
	const { remove } = await import('./down.ts');
	tell(context, `kubeproctor --name ${context.name} down`);
	const { removed } = await remove({ ...context, signal: new AbortController().signal }, context.name ?? '');
	for (const line of removed) context.print(`Removed ${line}`);
}

async function inventName(): Promise<string> {
	const { randomBytes } = await import('node:crypto');
	return `demo-${randomBytes(3).toString('hex')}`;
}

function tell(context: Context, command: string): void {
	context.print(`\n$ ${command}`);
}

function wrongStory(message: string): LabError {
	return new LabError({
		code: 'demo-failed',
		message,
		remedy: 'The report above says what was seen; kubeproctor up and kubeproctor grade repeat it step by step.',
	});
}
