/** What the program's surroundings give to every command: streams, terminal, signals. */

import { UsageError } from '../model/error.ts';
import { labsVariable } from '../model/lab.ts';
import { chooseWidth } from '../terminal/width.ts';
import type { Context } from './command.ts';
import type { Interruption } from './interruption.ts';

export interface GlobalOptions {
	name?: string;
	labs?: string;
	color: boolean;
	quiet?: true;
	verbose?: true;
	logFile?: string;
}

/** `isScripted`: a program reads what this one says, so that nothing is to be told meanwhile. */
export async function createContext(
	options: GlobalOptions,
	isScripted: boolean,
	interruption: Interruption,
): Promise<Context> {
	const { env, stdin, stdout, stderr } = process;
	const { hasColour } = await import('../terminal/colour.ts');
	const isRefused = !options.color;
	const isQuiet = options.quiet === true;
	if (isQuiet && options.verbose) throw new UsageError('--quiet and --verbose do not go together.');
	// Whatever is started by a command sees the same labs.
	if (options.labs !== undefined) env[labsVariable] = options.labs;
	if (isRefused) env.NO_COLOR = '1';
	let clearLine = () => {};
	const writeTo = (stream: NodeJS.WriteStream) => (text: string) => {
		clearLine();
		stream.write(`${text}\n`);
	};
	const look = {
		stream: stderr,
		isColoured: hasColour({ stream: stderr, env, isRefused }),
		width: () => chooseWidth(stderr, env),
		isLive: stderr.isTTY === true && env.TERM !== 'dumb' && !options.verbose,
	};
	const [print, complain] = [writeTo(stdout), writeTo(stderr)];
	if (options.verbose || options.logFile !== undefined) {
		const { logCalls } = await import('./call-log.ts');
		await logCalls({ say: options.verbose && complain, file: options.logFile });
	}
	return {
		name: options.name,
		env,
		print,
		async page(text) {
			const isLong = stdout.isTTY === true && stdin.isTTY === true && text.split('\n').length >= stdout.rows;
			if (isLong && env.TERM !== 'dumb' && !env.CI)
				await interruption.lend(async () => {
					const [{ showInPager }, { knowsUtf8, toPlainSigns }] = await Promise.all([
						import('./pager.ts'),
						import('../terminal/charset.ts'),
					]);
					await showInPager(knowsUtf8(env) ? text : toPlainSigns(text), env);
				});
			else print(text);
		},
		say: isQuiet ? () => {} : complain,
		// Questions are asked on stderr, so that they can be answered inside the shell's $(…) too.
		isInteractive: stdin.isTTY === true && stderr.isTTY === true && !env.CI,
		isLive: stdout.isTTY === true && env.TERM !== 'dumb' && !env.CI && !options.verbose,
		hasColour: hasColour({ stream: stdout, env, isRefused }),
		width: chooseWidth(stdout, env),
		signal: interruption.signal,
		lend: (use) => interruption.lend(use),
		async openProgress(mode = 'shown') {
			if (mode === 'silent' || isQuiet) return (await import('../model/progress.ts')).silentProgress;
			const { openProgress } = await import('../terminal/progress.ts');
			const progress = await openProgress(look);
			interruption.watch(progress);
			return progress;
		},
		async showWait(what, work) {
			if (isQuiet || isScripted) return work();
			const [{ openWaiting }, { watchCalls }] = await Promise.all([
				import('../terminal/waiting.ts'),
				import('../trace.ts'),
			]);
			const calls = watchCalls();
			const waiting = openWaiting(what, { ...look, findAwaited: () => calls.current()?.awaited ?? null });
			clearLine = waiting.clear;
			try {
				return await work();
			} finally {
				waiting.end();
				calls.stop();
			}
		},
	};
}
