/** `down`: takes an environment away and says what that was. */

import type { Context, Register } from './command.ts';

interface Options {
	all?: true;
	output: 'text' | 'json';
}

interface Removal {
	name: string;
	removed: string[];
}

export const register: Register = (program, wrap) => {
	program
		.command('down')
		.description('remove an environment, and nothing else')
		.option('--all', 'every environment that was made on this machine')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', '\nExamples:\n  kubeproctor down\n  kubeproctor down --all')
		.action(wrap(down));
};

async function down(context: Context, options: Options): Promise<number> {
	const removals: Removal[] = [];
	for (const name of await listNames(context, options)) removals.push(await remove(context, name));
	if (options.output === 'json') {
		context.print(JSON.stringify({ schemaVersion: 1, environments: removals }, null, 2));
		return 0;
	}
	const lines = removals.flatMap(({ removed }) => removed);
	for (const line of lines) context.print(`Removed ${line}`);
	if (lines.length === 0) context.print('There was nothing to remove.');
	return 0;
}

async function listNames(context: Context, { all }: Options): Promise<string[]> {
	const [{ listNames, resolveName }, { UsageError }] = await Promise.all([
		import('../session.ts'),
		import('../model/error.ts'),
	]);
	if (!all) return [await resolveName(context.name, context.env)];
	if (context.name !== undefined) throw new UsageError('--all and --name do not go together.');
	const { names, lent } = await listNames(context.env);
	if (lent.length > 0) {
		throw new UsageError(
			`--all does not remove what is on a cluster that is not ours: ${lent.join(', ')}.`,
			`One by one: kubeproctor --name ${lent[0]} down`,
		);
	}
	return names;
}

/** One environment, in whatever state it is. */
export async function remove(context: Context, name: string): Promise<Removal> {
	const [{ withLock }, { openParts }, { takeDown }] = await Promise.all([
		import('../session.ts'),
		import('../parts.ts'),
		import('../environment/down.ts'),
	]);
	const { env, signal } = context;
	const removed = await context.showWait(`Removing environment ${name}`, () =>
		withLock({ name, env }, 'down', async (lock) => {
			const parts = await openParts(name, null, { provider: undefined }, { env, signal, lock });
			return takeDown({ ...parts, signal });
		}),
	);
	return { name, removed };
}
