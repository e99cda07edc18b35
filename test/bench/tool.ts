/** Programs as a bench runs them: their output is kept, and an ending other than the expected one is an error. */

import { spawn } from 'node:child_process';

export interface ToolOptions {
	env?: NodeJS.ProcessEnv;
	/** Written to stdin. */
	input?: string;
}

/** Resolves to stdout. */
export async function runTool(program: string, args: string[], options: ToolOptions = {}): Promise<string> {
	const { env = process.env, input = '' } = options;
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
	if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${complaints}${written}`);
	return written;
}

export function runCli(args: string[], options: ToolOptions = {}): Promise<string> {
	return runTool(process.execPath, ['dist/cli.js', ...args], options);
}
