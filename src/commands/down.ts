/** `down`: takes an environment away and says what that was. */

import type { Register } from './command.ts';

export const register: Register = (program, wrap) => {
	program
		.command('down')
		.description('remove an environment and nothing else')
		.option('--all', 'every environment of this machine')
		.addOption(program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'))
		.addHelpText('after', '\nExamples:\n  kubeproctor down\n  kubeproctor down --all')
		.action(
			wrap(async (context, _options: { all?: true; output: 'text' | 'json' }) => {
				const { resolveName, openParts, withLock } = await import('../session.ts');
				const { takeDown } = await import('../environment/down.ts');
				const name = await resolveName(context.name);
				const removed = await withLock(name, 'down', async (lock) => {
					const wishes = { provider: 'kind' as const, nodeImage: undefined, workers: 0, registryPort: undefined, isMerged: false };
					const parts = await openParts(name, null, wishes, { env: context.env, signal: context.signal, lock });
					return takeDown({ ...parts, signal: context.signal });
				});
				for (const line of removed) context.print(`Removed ${line}`);
				return 0;
			}),
		);
};
