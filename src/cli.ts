#!/usr/bin/env node
/** argv → command → exit code: the only way out of the process, and the only place where everything is caught. */

import { existsSync, readFileSync } from 'node:fs';

process.stdout.on('error', ignoreClosedPipe);
const help = findReadyHelp(process.argv.slice(2));
if (help === null) await run();
else process.stdout.write(help);

/** The build writes the help that is asked for most, so that it costs no more than starting Node. */
function findReadyHelp(args: string[]): string | null {
	if (args.length !== 1 || !['-h', '--help'].includes(String(args[0]))) return null;
	const file = new URL('help.txt', import.meta.url);
	const isNarrow = Math.min(process.stdout.columns ?? 80, Number(process.env['COLUMNS'] || 80)) < 80;
	return isNarrow || !existsSync(file) ? null : readFileSync(file, 'utf8');
}

async function run(): Promise<void> {
	process.stderr.on('error', ignoreClosedPipe);
	const { openProgram } = await import('./program.ts');
	const program = openProgram(fail);
	process.on('uncaughtException', fail);
	// A promise that nobody will ever settle would otherwise end the process without a word.
	process.once('beforeExit', () => void fail(new Error('nothing is left to wait for, and it is not done')));
	try {
		leave(await program.run(process.argv));
	} catch (thrown) {
		await fail(thrown);
	}

	async function fail(thrown: unknown): Promise<void> {
		// Without its own files, as when it is replaced while it runs, the program cannot even say what is wrong.
		leave(await program.explain(thrown).catch(() => giveUp(thrown)));
	}
}

function giveUp(thrown: unknown): number {
	process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
	return 70;
}

/** Whoever read us may stop doing so, as `head` does: that is no error, and no reason to stop half-way. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
	if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
}

function leave(code: number): void {
	// Whatever is still queued for stdout goes first.
	process.stdout.write('', () => process.exit(code));
}
