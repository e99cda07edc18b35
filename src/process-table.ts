/** Whether a process that was written down is still the same one. */

import { readFile } from 'node:fs/promises';

export interface KnownProcess {
	pid: number;
	/** When it began, in the system's own notation: tells it from a later one with the same id. */
	began: string;
}

/** Null: there is no such process, or it is only waiting to be buried. */
export async function describeProcess(pid: number): Promise<KnownProcess | null> {
	const began = process.platform === 'linux' ? await readProc(pid) : await askPs(pid);
	return began === null ? null : { pid, began };
}

export async function isAlive(known: KnownProcess): Promise<boolean> {
	return (await describeProcess(known.pid))?.began === known.began;
}

/** proc(5): the state is the first field behind the name in parentheses, the start time the twentieth. */
async function readProc(pid: number): Promise<string | null> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
	const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields === undefined || fields[0] === 'Z' ? null : (fields[19] ?? null);
}

async function askPs(pid: number): Promise<string | null> {
	const [{ execFile }, { promisify }] = await Promise.all([import('node:child_process'), import('node:util')]);
	const answer = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null);
	return answer?.stdout.trim() || null;
}
