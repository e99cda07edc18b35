/** `rotate`: the registry gets another password, and whoever used the old one has to follow. */

import { callProgram } from '../model/identity.ts';
import { wrapLines } from '../terminal/width.ts';
import type { Context, Register } from './command.ts';

interface Options {
	output: 'text' | 'json';
}

export const register: Register = (program, wrap) => {
	program
		.command('rotate')
		.description('give the private registry another password')
		.argument('[host]', 'which registry (default: the one that the lab is about)')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', '\nExamples:\n  kubeproctor rotate\n  kubeproctor credentials --password')
		.action(wrap(rotate));
};

async function rotate(context: Context, asked: string | undefined, { output }: Options): Promise<number> {
	const [{ openSession, openRecord, withLock }, { openParts }, { loadLab }, { rotatePassword }] = await Promise.all([
		import('../session.ts'),
		import('../parts.ts'),
		import('../lab/index.ts'),
		import('../environment/rotate.ts'),
	]);
	const { env, signal } = context;
	// Throws where up has not come to its end.
	const { name } = await openSession(context.name, { env });
	const { host, passwordChangedAt } = await context.showWait('Changing the password', () =>
		withLock({ name, env }, 'rotate', async (lock) => {
			const { record } = await openRecord(name, env);
			const lab = await loadLab(record.lab);
			const parts = await openParts(name, lab, { provider: undefined }, { env, signal, lock });
			return rotatePassword({ ...parts, record, lab, host: asked, signal });
		}),
	);
	if (output === 'json') {
		context.print(JSON.stringify({ schemaVersion: 1, host, passwordChangedAt }, null, 2));
		return 0;
	}
	const lines = [
		`${host} has another password now, and refuses the old one.`,
		`${callProgram(context.name)} credentials --password shows the new one.`,
	];
	context.print(wrapLines(lines.join('\n'), context.width));
	return 0;
}
