/** `learn`: a lab from its first task to its quiz, with everything at hand. */

import type { ProviderId } from '../model/cluster.ts';
import type { EnvironmentRecord } from '../model/environment.ts';
import type { Context, Register } from './command.ts';

interface Options {
	provider: Exclude<ProviderId, 'existing'> | 'auto';
	plain: boolean;
}

export const register: Register = (program, wrap) => {
	program
		.command('learn')
		.description('be led through a lab, task by task')
		.argument('[lab]', 'which lab (default: the one that is set up, else you are asked)')
		.addOption(
			program
				.createOption('--provider <provider>', 'where the cluster comes from, if there is none yet')
				.choices(['auto', 'kind', 'embedded'])
				.default('auto'),
		)
		.option('--plain', 'lines to read and to type, and nothing drawn anew, as for a screen reader', false)
		.addHelpText(
			'after',
			[
				'\nIt makes the environment where there is none, shows what the present task is',
				'about, watches the cluster while you work at it in another terminal, and goes',
				'on when it is done. Next time it goes on where you were.',
				'\nKeys: h hint, l lesson, w why, z quiz, r reset the task, q quit.',
				'With --plain: the word, and Enter. Ctrl-Z and fg work as everywhere; Ctrl-C',
				'leaves. Either way the cluster stays.',
				'\nExamples:',
				'  kubeproctor learn',
				'  kubeproctor learn image-pull-policy --provider embedded',
			].join('\n'),
		)
		.action(wrap(learn));
};

async function learn(surroundings: Context, given: string | undefined, options: Options): Promise<number> {
	const context = { ...surroundings, isPlain: options.plain };
	const { readKnown } = await import('../session.ts');
	const { record } = await readKnown(context.name, context.env);
	const labId = given ?? (record === null && context.isInteractive ? await chooseLab(context) : undefined);
	await prepareEnvironment(context, labId, record, options);
	const { guide } = await import('./guide.ts');
	return guide(context, labId, !context.isLive || !context.isInteractive || options.plain);
}

async function chooseLab(context: Context): Promise<string> {
	const [{ listLabs }, { askChoice }, { openProgressFile }, { firstLab }] = await Promise.all([
		import('../lab/index.ts'),
		import('../terminal/prompt.ts'),
		import('./kept-progress.ts'),
		import('./chosen-lab.ts'),
	]);
	const [labs, { labs: known }] = await Promise.all([
		listLabs(),
		openProgressFile(context).then((file) => file.read()),
	]);
	const describe = ({ id, title, minutes }: (typeof labs)[number]) =>
		`${title} (${known[id] === undefined ? `${minutes} minutes` : 'begun'})`;
	const first = labs.filter(({ id }) => id === firstLab);
	const choices = [...first, ...labs.filter((lab) => !first.includes(lab))].map((lab) => ({
		value: lab.id,
		name: describe(lab),
	}));
	return askChoice('Which lab?', choices, 'Name it: kubeproctor learn LAB', context);
}

/** An environment that is there and well is left as it is, so that going on takes no time. */
async function prepareEnvironment(
	context: Context,
	labId: string | undefined,
	record: EnvironmentRecord | null,
	{ provider }: Options,
): Promise<void> {
	const isReady = record !== null && record.completedAt !== null && (labId ?? record.lab) === record.lab;
	if (isReady && (await doesAnswer(context))) return;
	const { bringUpLab, plainOptions } = await import('./up.ts');
	await bringUpLab(context, labId, { ...plainOptions, provider: record === null ? provider : 'auto' });
	context.say('');
}

async function doesAnswer(context: Context): Promise<boolean> {
	const [{ openSession }, { openCluster }, { LabError }] = await Promise.all([
		import('../session.ts'),
		import('../kube/client.ts'),
		import('../model/error.ts'),
	]);
	try {
		const { cluster } = await openSession(context.name, { env: context.env });
		const client = await openCluster(cluster);
		await client.get('/version', { signal: context.signal, timeout: 3000 }).finally(() => client.close());
		return true;
	} catch (error) {
		if (error instanceof LabError) return false;
		throw error;
	}
}
