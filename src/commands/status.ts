/** `status`: what an environment is made of, and whether each part is well. */

import type { PartStatus } from '../environment/status.ts';
import { nameCalls } from '../model/identity.ts';
import { wrap, wrapLines } from '../terminal/width.ts';
import type { Context, Register } from './command.ts';

export const register: Register = (program, wrap) => {
	program
		.command('status')
		.description('tell whether every part of the environment is well')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', '\nExamples:\n  kubeproctor status\n  kubeproctor status -o json')
		.action(wrap(status));
};

async function status(context: Context, { output }: { output: 'text' | 'json' }): Promise<number> {
	const [{ openRecord }, { openParts }, { describeStatus }, { exitCodes }] = await Promise.all([
		import('../session.ts'),
		import('../parts.ts'),
		import('../environment/status.ts'),
		import('../model/error.ts'),
	]);
	const { name, record } = await openRecord(context.name, context.env);
	const { env, signal } = context;
	const parts = await context.showWait('Looking at each part', async () =>
		describeStatus({
			...(await openParts(name, null, { provider: undefined }, { env, signal })),
			record,
			signal,
		}),
	);
	const isWell = record.completedAt !== null && parts.every((part) => part.isWell);
	const { provider, lab } = record;
	if (output === 'json')
		context.print(JSON.stringify({ schemaVersion: 1, name, provider, lab, isWell, parts }, null, 2));
	else show(context, parts, record.completedAt !== null);
	return isWell ? exitCodes.ok : exitCodes.machine;
}

function show(context: Context, parts: readonly PartStatus[], isComplete: boolean): void {
	const width = Math.max(...parts.map(({ part }) => part.length));
	for (const { part, name, isWell, detail } of parts) {
		const lines = wrap(`${name}: ${detail}`, context.width - width - 4);
		context.print(`${isWell ? '✔' : '✘'} ${part.padEnd(width)}  ${lines.join(`\n${' '.repeat(width + 4)}`)}`);
	}
	const say = (text: string) => context.print(`\n${wrapLines(nameCalls(text, context.name), context.width)}`);
	if (!isComplete) say('kubeproctor up has not come to its end here; run again it goes on.');
	else if (!parts.every((part) => part.isWell)) say('kubeproctor up mends what can be mended.');
}
