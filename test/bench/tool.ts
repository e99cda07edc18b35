/** Programs as a bench runs them: their output is kept, and an ending other than the expected one is an error. */

import { spawn } from 'node:child_process';

export interface ToolOptions {
	env?: NodeJS.ProcessEnv;
	/** Written to stdin. */
	input?: string;
	/** The exit code that it is to end with; default 0. */
	code?: number;
}

/** Resolves to stdout. */
export async function runTool(program: string, args: string[], options: ToolOptions = {}): Promise<string> {
	const { env = process.env, input = '', code: expected = 0 } = options;
	const child = spawn(program, args, { env });
	let written = '';
	let complaints = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		written += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		complaints += text;
	});
	child.stdin.end(input);
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (code !== expected) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${complaints}${written}`);
	return written;
}

export function runCli(args: string[], options: ToolOptions = {}): Promise<string> {
	return runTool(process.execPath, ['dist/cli.js', ...args], options);
}
