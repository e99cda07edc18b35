/** `new`: the folder of a lab of one's own, small and whole, to begin from. */

import type { Register } from './command.ts';

export const register: Register = (program, wrap) => {
	program
		.command('new')
		.description('write the folder of a new lab, to begin from')
		.argument('<dir>', 'its folder, whose name is the id of the lab')
		.addHelpText('after', '\nExample:\n  kubeproctor new my-lab\n  kubeproctor --labs . up my-lab')
		.action(
			wrap(async (context, given: string) => {
				const [{ writeNewLab }, { basename, dirname, join, relative, resolve }] = await Promise.all([
					import('../lab/index.ts'),
					import('node:path'),
				]);
				const folder = resolve(given);
				const shown = relative(process.cwd(), folder) || folder;
				for (const file of await writeNewLab(folder)) context.print(join(shown, file));
				const labs = relative(process.cwd(), dirname(folder)) || '.';
				context.say(`\nkubeproctor lint ${shown} tells what is wrong with it.`);
				context.say(`kubeproctor --labs ${labs} up ${basename(folder)} sets it up.`);
				return 0;
			}),
		);
};
