/** `list`: the labs there are. */

import type { LabSummary } from '../lab/index.ts';
import { spread, wrap } from '../terminal/width.ts';
import type { Context, Register } from './command.ts';

export const register: Register = (program, wrap) => {
	program
		.command('list')
		.description('show the labs there are')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText(
			'after',
			'\nExit codes: 0 every lab is listed, 2 one has mistakes in its files.\n\nExamples:\n  kubeproctor list\n  kubeproctor list -o json',
		)
		.action(
			wrap(async (context, { output }: { output: 'text' | 'json' }) => {
				const { surveyLabs } = await import('../lab/index.ts');
				const { labs, broken } = await surveyLabs();
				if (output === 'json') context.print(JSON.stringify(labs, null, 2));
				else await showLabs(context, labs);
				for (const [id, { message }] of broken) context.say(`\n${id} is not listed. ${message}`);
				return broken.size === 0 ? 0 : 2;
			}),
		);
};

async function showLabs(context: Context, labs: readonly LabSummary[]): Promise<void> {
	for (const { id, title, tasks, minutes } of labs) {
		const size = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}, ${minutes} minutes`;
		context.print(spread(id, size, context.width) ?? `${id}\n  ${size}`);
		for (const line of wrap(title, context.width - 2)) context.print(`  ${line}`);
	}
	context.print('\nkubeproctor up LAB begins one.');
}
