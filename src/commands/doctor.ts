/** `doctor`: everything that labs need of this machine, what was found, and what to do about it. */

import type { Precondition } from '../model/precondition.ts';
import type { Context, Register } from './command.ts';

interface Options {
	output: 'text' | 'json';
}

const afterHelp = `
Exit codes: 0 labs can be done here, 3 none can. Without what only kind needs
they can be done on the embedded cluster.

Examples:
  kubeproctor doctor
  kubeproctor doctor -o json`;

export const register: Register = (program, wrap) => {
	program
		.command('doctor')
		.description('tell whether this machine has what labs need')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', afterHelp)
		.action(wrap(examine));
};

async function examine(context: Context, { output }: Options): Promise<number> {
	const [{ detectPlatform, listPreconditions }, { findHome }, { exitCodes }] = await Promise.all([
		import('../providers/index.ts'),
		import('../session.ts'),
		import('../model/error.ts'),
	]);
	const { env, signal } = context;
	const platform = detectPlatform();
	const preconditions = await context.showWait('Looking at this machine', () =>
		listPreconditions({ home: findHome(env), env, platform, signal }),
	);
	const isFit = lacksNothing(preconditions, 'every lab');
	const providers = { embedded: isFit, kind: isFit && lacksNothing(preconditions, 'kind') };
	if (output === 'json') {
		context.print(JSON.stringify({ schemaVersion: 1, platform, isFit, providers, preconditions }, null, 2));
	} else {
		await show(context, preconditions);
		const { wrapLines } = await import('../terminal/width.ts');
		context.print(`\n${wrapLines(summarise(providers), context.width)}`);
	}
	return isFit ? exitCodes.ok : exitCodes.machine;
}

/** What is out of sight, in the engine's virtual machine for example, is taken to be well. */
function lacksNothing(preconditions: readonly Precondition[], neededFor: Precondition['neededFor']): boolean {
	return preconditions.every((each) => each.neededFor !== neededFor || each.state !== 'missing');
}

const headings: Record<Precondition['neededFor'], string> = {
	'every lab': 'Every lab needs',
	kind: 'A cluster of kind, whose containers run, needs beside that',
};

/** Columns for what was found beside its title; with fewer it stands below. */
const leastBeside = 34;

async function show(context: Context, preconditions: readonly Precondition[]): Promise<void> {
	const [{ createPalette }, { wrap }] = await Promise.all([
		import('../terminal/colour.ts'),
		import('../terminal/width.ts'),
	]);
	const { green, yellow, red, dim, bold } = createPalette(context.hasColour);
	const symbols = { fine: green('✔'), poor: yellow('!'), missing: red('✘'), unknown: dim('–') };
	const column = Math.max(...preconditions.map(({ title }) => title.length));
	const isNarrow = context.width - column < leastBeside;
	for (const neededFor of Object.keys(headings) as Precondition['neededFor'][]) {
		if (neededFor === 'kind') context.print('');
		for (const line of wrap(headings[neededFor], context.width)) context.print(bold(line));
		for (const { state, title, found, remedy } of preconditions.filter((each) => each.neededFor === neededFor)) {
			const indent = isNarrow ? 4 : column + 4;
			const lines = wrap(found, context.width - indent);
			const beside = isNarrow ? '' : `${' '.repeat(column - title.length + 2)}${lines.shift()}`;
			context.print(`${symbols[state]} ${title}${beside}`);
			for (const line of lines) context.print(' '.repeat(indent) + line);
			for (const line of remedy === null ? [] : wrap(remedy, context.width - 4)) context.print(`    ${line}`);
		}
	}
}

function summarise({ embedded, kind }: { embedded: boolean; kind: boolean }): string {
	if (!embedded) return 'No lab can be done here until what is marked ✘ in the first part is mended.';
	return kind
		? 'Labs can be done here, on a cluster of kind or on the embedded one.'
		: 'Labs can be done here, on the embedded cluster: up --provider embedded.';
}
