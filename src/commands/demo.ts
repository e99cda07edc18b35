/** `demo`: the whole story in one go, on an environment of its own that is thrown away at the end. */

import type { ClusterAccess } from '../model/cluster.ts';
import { LabError } from '../model/error.ts';
import type { Report } from '../model/report.ts';
import type { Context, Register } from './command.ts';

interface Options {
	provider: 'auto' | 'kind' | 'embedded';
	nodeImage?: string;
}

export const register: Register = (program, wrap) => {
	program
		.command('demo')
		.description('the whole story in one go, then everything is removed')
		.addOption(
			program
				.createOption('--provider <provider>', 'where the cluster comes from')
				.choices(['embedded', 'kind', 'auto'])
				.default('embedded'),
		)
		.option('--node-image <image>', 'kind: node image (default: its own)')
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
	const report = await context.showWait('Looking at the cluster', () =>
		gradeLive(context, undefined, { timeout: 60, tryCredentials: false }),
	);
	context.print(reporters.text(report, { width: context.width, isColoured: context.hasColour, name: context.name }));
	return report;
}

/** With kubectl, as a learner does it: task by task. */
async function applySolution(context: Context): Promise<void> {
	const [{ openSession }, { loadLab }, { join }] = await Promise.all([
		import('../session.ts'),
		import('../lab/index.ts'),
		import('node:path'),
	]);
	const { cluster, lab: id } = await openSession(context.name, { env: context.env });
	const lab = await loadLab(id);
	for (const task of lab.tasks) {
		tell(context, `kubectl apply -f labs/${id}/solution/${task.id}`);
		const folder = join(lab.folder, 'solution', task.id);
		context.print(await context.showWait('Applying it', () => applyFolder(context, cluster, folder)));
	}
}

/** Without kubectl by our own client, which then says so. */
async function applyFolder(context: Context, cluster: ClusterAccess, folder: string): Promise<string> {
	const { ProgramError, runProgram } = await import('../exec.ts');
	try {
		const args = ['--kubeconfig', cluster.kubeconfig, 'apply', '-f', folder];
		return (await runProgram('kubectl', args, { signal: context.signal })).stdout;
	} catch (error) {
		if (!(error instanceof ProgramError && error.isMissing)) throw error;
		const { applyManifests } = await import('../environment/apply.ts');
		const applied = await applyManifests(cluster, folder, context.signal);
		return [...applied.map((name) => `${name} applied`), '(kubectl is not installed: kubeproctor did it)'].join('\n');
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
