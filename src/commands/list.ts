/** `list`: the labs there are. */

import type { Register } from './command.ts';

export const register: Register = (program, wrap) => {
	program
		.command('list')
		.description('show the labs there are')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', '\nExamples:\n  kubeproctor list\n  kubeproctor list -o json')
		.action(
			wrap(async (context, { output }: { output: 'text' | 'json' }) => {
				const { listLabs } = await import('../lab/index.ts');
				const labs = await listLabs();
				if (output === 'json') {
					context.print(JSON.stringify(labs, null, 2));
					return 0;
				}
				const { spread } = await import('../terminal/width.ts');
				for (const { id, title, tasks, minutes } of labs) {
					const size = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}, ${minutes} minutes`;
					context.print(spread(id, size, context.width) ?? `${id}\n  ${size}`);
					context.print(`  ${title}`);
				}
				context.print('\nkubeproctor up LAB begins one.');
				return 0;
			}),
		);
};
