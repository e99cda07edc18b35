/** What the program's surroundings give to every command: streams, terminal, signals. */

import { labsVariable } from '../model/lab.ts';
import { chooseWidth } from '../terminal/width.ts';
import type { Context } from './command.ts';
import type { Interruption } from './interruption.ts';

export interface GlobalOptions {
	name?: string;
	labs?: string;
	color: boolean;
}

export async function createContext(options: GlobalOptions, interruption: Interruption): Promise<Context> {
	const { env, stdin, stdout, stderr } = process;
	const { hasColour } = await import('../terminal/colour.ts');
	const isRefused = !options.color;
	// Whatever is started by a command sees the same labs.
	if (options.labs !== undefined) env[labsVariable] = options.labs;
	return {
		name: options.name,
		env,
		print: (text) => void stdout.write(`${text}\n`),
		async page(text) {
			const isLong = stdout.isTTY === true && stdin.isTTY === true && text.split('\n').length >= stdout.rows;
			if (isLong && env.TERM !== 'dumb' && !env.CI) await (await import('./pager.ts')).showInPager(text, env);
			else stdout.write(`${text}\n`);
		},
		say: (text) => void stderr.write(`${text}\n`),
		// Questions are asked on stderr, so that they can be answered inside the shell's $(…) too.
		isInteractive: stdin.isTTY === true && stderr.isTTY === true && !env.CI,
		hasColour: hasColour({ stream: stdout, env, isRefused }),
		width: chooseWidth(stdout),
		signal: interruption.signal,
		async openProgress(mode = 'shown') {
			if (mode === 'silent') return (await import('../model/progress.ts')).silentProgress;
			const { openProgress } = await import('../terminal/progress.ts');
			const progress = await openProgress({
				stream: stderr,
				isColoured: hasColour({ stream: stderr, env, isRefused }),
				width: () => chooseWidth(stderr),
			});
			interruption.watch(progress);
			return progress;
		},
	};
}
