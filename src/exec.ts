/** The only door to execa: programs in process groups of their own, so that a terminal's Ctrl-C reaches only us. */

import { constants } from 'node:os';
import { ExecaError, execa } from 'execa';
import { describeProgram, traceCall } from './trace.ts';

export interface RunOptions {
	/** Written to stdin; without it stdin is empty. */
	input?: string | Uint8Array;
	/** Added to this process's environment. */
	env?: Record<string, string>;
	/** Ends the whole process group when aborted; the promise then rejects with the signal's reason. */
	signal?: AbortSignal | undefined;
	/** Milliseconds. */
	timeout?: number;
	/** Each line of stderr as it comes. */
	onLine?(line: string): void;
	/** The process exists now; its id is also that of its group. */
	onStart?(pid: number): void;
}

export interface RunResult {
	stdout: string;
	stderr: string;
}

/** A program that could not be started, or that did not end well. */
export class ProgramError extends Error {
	override readonly name = 'ProgramError';
	readonly program: string;
	/** Null: it never ran, or was ended by a signal. */
	readonly exitCode: number | null;
	/** What it wrote to stderr, without blank ends. */
	readonly stderr: string;
	readonly stdout: string;
	/** There is no such program. */
	readonly isMissing: boolean;
	readonly hasTimedOut: boolean;

	constructor(program: string, error: ExecaError) {
		super(`${program}: ${describeEnd(error)}`, { cause: error.cause });
		this.program = program;
		this.exitCode = error.exitCode ?? null;
		this.stderr = String(error.stderr ?? '').trim();
		this.stdout = String(error.stdout ?? '').trim();
		this.isMissing = error.code === 'ENOENT';
		this.hasTimedOut = error.timedOut;
	}
}

const gracePeriod = 3_000;

/** Throws ProgramError for anything but exit code 0. Arguments are visible to everyone: no secrets in them. */
export async function runProgram(
	program: string,
	args: readonly string[],
	options: RunOptions = {},
): Promise<RunResult> {
	return traceCall(
		describeProgram(program, args),
		() => run(program, args, options),
		() => 'exit 0',
	);
}

async function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
	const { input, env, signal, timeout, onLine, onStart } = options;
	signal?.throwIfAborted();
	const child = execa(program, args, {
		...(input === undefined ? { stdin: 'ignore' } : { input }),
		...(env && { env }),
		...(timeout !== undefined && { timeout }),
		detached: true,
		cleanup: false,
		windowsHide: true,
	});
	if (child.pid !== undefined) onStart?.(child.pid);
	const endGroup = () => child.pid !== undefined && endProcessGroup(child.pid);
	signal?.addEventListener('abort', endGroup, { once: true });
	try {
		if (onLine) await readLines(child, onLine);
		const { stdout, stderr } = await child;
		return { stdout: String(stdout ?? ''), stderr: String(stderr ?? '') };
	} catch (error) {
		signal?.throwIfAborted();
		throw error instanceof ExecaError ? new ProgramError(program, error) : error;
	} finally {
		signal?.removeEventListener('abort', endGroup);
	}
}

/**
 * Hands this terminal to a program until it ends. Resolves to its exit code, as a shell tells it: 128 and the number of
 * the signal that ended it. Throws ProgramError where it cannot be started. `signal`: hangs up on it when aborted.
 */
export async function runAttached(
	program: string,
	args: readonly string[],
	{ input, env, signal }: { input?: string; env?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<number> {
	const child = execa(program, args, {
		stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
		...(input !== undefined && { input }),
		...(env && { env }),
		reject: false,
	});
	const hangUp = () => child.kill('SIGHUP');
	signal?.addEventListener('abort', hangUp, { once: true });
	const result = await child;
	signal?.removeEventListener('abort', hangUp);
	if (result.exitCode === undefined && result.signal === undefined)
		throw new ProgramError(program, result as unknown as ExecaError);
	return result.exitCode ?? 128 + (constants.signals[result.signal as NodeJS.Signals] ?? 0);
}

/** Asks the group to end, and makes it end a little later. */
function endProcessGroup(pid: number): void {
	if (!sendToGroup(pid, 'SIGTERM')) return;
	setTimeout(() => sendToGroup(pid, 'SIGKILL'), gracePeriod).unref();
}

function sendToGroup(pid: number, signal: NodeJS.Signals): boolean {
	try {
		process.kill(-pid, signal);
		return true;
	} catch {
		return false;
	}
}

async function readLines(child: ReturnType<typeof execa>, onLine: (line: string) => void): Promise<void> {
	for await (const line of child.iterable({ from: 'stderr' })) onLine(String(line));
}

function describeEnd(error: ExecaError): string {
	if (error.code === 'ENOENT') return 'no such program';
	if (error.timedOut) return 'did not end in time';
	const lines = String(error.stderr ?? '')
		.trim()
		.split('\n');
	return lines.at(-1) || error.shortMessage;
}
