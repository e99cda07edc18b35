/** Two ways to run an embedded environment: in a process of its own that lives on, or in this one. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedEndpoints } from '../model/embedded.ts';
import { LabError, type Problem } from '../model/error.ts';
import { findPackageFolder } from '../package-root.ts';
import { traceCall } from '../trace.ts';
import type { Launch } from './embedded-process.ts';

/** What the process answers to the plan that it is sent. */
export type LaunchAnswer = { endpoints: EmbeddedEndpoints } | { problem: Problem };

/** A process that loads its program while it is still being found out what it is to run; it ends if it is never told. */
export interface Standby {
	/** To be taken once, when the environment's folder is there; null: it was taken, or has ended. */
	take(): ChildProcess | null;
	/** Ends it where nobody took it, and leaves nothing of it. */
	dismiss(): Promise<void>;
}

/**
 * Null where the environment has a folder already: there is something to be found in it first. The folder is not made
 * here, since an environment is known by it; what the process says stands beside it until it is taken. To be called by
 * whoever holds the environment's lock.
 */
export function startAhead(folder: string, name: string): Standby | null {
	if (existsSync(folder)) return null;
	const log = `${folder}.log`;
	const child = spawnServer(log, name);
	// Whoever takes it, or starts another one, tells of what is wrong.
	child.on('error', () => {});
	let isTaken = false;
	return {
		take() {
			if (isTaken || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return null;
			isTaken = true;
			renameSync(log, nameLog(folder));
			return child;
		},
		async dismiss() {
			if (isTaken) return;
			child.kill('SIGKILL');
			await rm(log, { force: true });
		},
	};
}

/** `onChild`: told of the process before it does anything. */
export function launchApart(onChild: (pid: number) => void, standby: Standby | null = null): Launch {
	return async (plan, { signal }) => {
		const child = standby?.take() ?? spawnServer(nameLog(plan.folder), plan.name);
		const { pid } = child;
		try {
			if (pid !== undefined) onChild(pid);
			const answer = await traceCall(
				{ text: `serve-embedded ${plan.name}`, awaited: 'the process of the embedded cluster' },
				() => ask(child, plan, signal),
				(given) => (given === null ? 'ended' : 'ready'),
			);
			if (answer === null) {
				throw notStarted(await readTail(nameLog(plan.folder)));
			}
			if ('problem' in answer) throw new LabError(answer.problem);
			return { pid: pid ?? 0, endpoints: answer.endpoints };
		} catch (error) {
			child.kill('SIGKILL');
			throw error;
		} finally {
			if (child.connected) child.disconnect();
			child.unref();
		}
	};
}

function spawnServer(logFile: string, name: string): ChildProcess {
	const program = join(findPackageFolder('dist'), 'serve-embedded.js');
	const log = openSync(logFile, 'a', 0o600);
	try {
		return spawn(process.execPath, [program, name], {
			detached: true,
			stdio: ['ignore', log, log, 'ipc'],
		});
	} finally {
		closeSync(log);
	}
}

function nameLog(folder: string): string {
	return join(folder, 'embedded.log');
}

/** Lives as long as this process, or until `signal` is aborted. */
export const launchHere: Launch = async (plan) => {
	const { startDaemon } = await import('../emulator/daemon/index.ts');
	const { endpoints } = await startDaemon(plan);
	return { pid: process.pid, endpoints };
};

/** Null: it ended without an answer. */
function ask(child: ChildProcess, plan: object, signal: AbortSignal): Promise<LaunchAnswer | null> {
	return new Promise((resolve, reject) => {
		signal.throwIfAborted();
		const stop = () => reject(signal.reason);
		signal.addEventListener('abort', stop, { once: true });
		child.once('message', (answer) => resolve(answer as LaunchAnswer));
		child.once('exit', () => resolve(null));
		child.once('error', reject);
		child.send(plan, () => {});
	});
}

async function readTail(file: string): Promise<string> {
	const text = await readFile(file, 'utf8').catch(() => '');
	return text.trimEnd().split('\n').slice(-8).join('\n');
}

function notStarted(tail: string): LabError {
	return new LabError({
		code: 'embedded-not-started',
		message: `The embedded cluster did not start${tail === '' ? ', and said nothing.' : `:\n${tail}`}`,
		remedy: 'kubeproctor doctor tells whether this machine has what it needs.',
	});
}
