/** Two ways to run an embedded environment: in a process of its own that lives on, or in this one. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedEndpoints } from '../model/embedded.ts';
import { LabError, type Problem } from '../model/error.ts';
import type { Launch } from './embedded-process.ts';

/** What the process answers to the plan that it is sent. */
export type LaunchAnswer = { endpoints: EmbeddedEndpoints } | { problem: Problem };

/** `onChild`: told of the process before it does anything. */
export function launchApart(onChild: (pid: number) => void): Launch {
	return async (plan, { signal }) => {
		const [, program = ''] = process.argv;
		const logFile = join(plan.folder, 'embedded.log');
		const log = openSync(logFile, 'a', 0o600);
		const child = spawn(process.execPath, [program, '--name', plan.name, 'serve-embedded'], {
			detached: true,
			stdio: ['ignore', log, log, 'ipc'],
		});
		closeSync(log);
		const { pid } = child;
		try {
			if (pid !== undefined) onChild(pid);
			const answer = await ask(child, plan, signal);
			if (answer === null) throw notStarted(logFile, await readTail(logFile));
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

function notStarted(logFile: string, tail: string): LabError {
	return new LabError({
		code: 'embedded-not-started',
		message: `The embedded cluster did not start.${tail === '' ? '' : `\n${tail}`}`,
		remedy: `What it said is in ${logFile}.`,
	});
}
