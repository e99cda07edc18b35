/** The built program as its users have it: a process with arguments, streams and an exit code. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Ending {
	code: number | null;
	stdout: string;
	stderr: string;
}

export const cli = path.resolve('dist/cli.js');

/** In a home of its own, so that no environment of this machine is seen. */
export async function runCli(args: string[], env: Record<string, string> = {}): Promise<Ending> {
	const home = mkdtempSync(path.join(tmpdir(), 'kubeproctor-cli-'));
	try {
		return await runProgram(process.execPath, [cli, ...args], { KUBEPROCTOR_HOME: home, ...env });
	} finally {
		rmSync(home, { recursive: true, force: true });
	}
}

/** `input`: what it reads from stdin. */
export function runProgram(
	program: string,
	args: string[],
	env: Record<string, string> = {},
	input?: string,
): Promise<Ending> {
	const stdin = input === undefined ? 'ignore' : 'pipe';
	const child = spawn(program, args, { stdio: [stdin, 'pipe', 'pipe'], env: { ...process.env, ...env } });
	child.stdin?.end(input);
	const ending: Ending = { code: null, stdout: '', stderr: '' };
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		ending.stdout += text;
	});
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		ending.stderr += text;
	});
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => {
			resolve({ ...ending, code });
		});
	});
}

/** Number of an account, and of a group, that owns nothing. */
export const nobody = 65534;

/** As `runProgram`, but where this is root as somebody else, who may not write everywhere. */
export function runUnprivileged(program: string, args: string[], env: Record<string, string> = {}): Promise<Ending> {
	if (process.getuid?.() !== 0) return runProgram(program, args, env);
	return runProgram('setpriv', [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', program, ...args], env);
}
