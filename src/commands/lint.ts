/** `lint`: everything that is wrong with labs, at once. */

import { UsageError } from '../model/error.ts';
import type { Context, Register } from './command.ts';

interface Options {
	output: 'text' | 'json';
}

export const register: Register = (program, wrap) => {
	program
		.command('lint')
		.description('tell everything that is wrong with labs')
		.argument('[dir...]', 'labs, or folders of labs (default: all that there are)')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText(
			'after',
			'\nExit codes: 0 nothing is wrong, 2 something is.\n\nExamples:\n  kubeproctor lint my-lab\n  kubeproctor lint -o json',
		)
		.action(wrap(lint));
};

async function lint(context: Context, folders: string[], { output }: Options): Promise<number> {
	const { findLabFolders, lintLab } = await import('../lab/index.ts');
	const { labs, known } = await findLabFolders(folders);
	if (labs.length === 0) throw new UsageError('There is no lab there.', 'A lab is a folder with a lab.yaml in it.');
	const issues = await context.showWait(`Reading ${count(labs.length, 'lab')}`, async () =>
		(await Promise.all(labs.map((folder) => lintLab(folder, known)))).flat(),
	);
	const { relative } = await import('node:path');
	const shown = issues.map((issue) => ({ ...issue, file: shorten(relative(process.cwd(), issue.file), issue.file) }));
	if (output === 'json') {
		context.print(JSON.stringify({ schemaVersion: 1, labs: labs.length, issues: shown }, null, 2));
	} else {
		for (const { file, line, column, message } of shown) context.print(`${file}:${line}:${column} ${message}`);
		context.say(
			issues.length === 0
				? `${count(labs.length, 'lab')}, nothing is wrong.`
				: `${count(issues.length, 'mistake')} in ${count(labs.length, 'lab')}.`,
		);
	}
	return issues.length === 0 ? 0 : 2;
}

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A path that leads out of here is easier to read whole. */
function shorten(near: string, whole: string): string {
	return near.startsWith('..') ? whole : near;
}
