/** One `up` or `down` per environment at a time, and no orphans from one that was killed. */

import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim, readHolder, retire } from '../lock-file.ts';
import { LabError } from '../model/error.ts';
import { writePrivately } from '../private-file.ts';
import { describeProcess, isAlive, type KnownProcess } from '../process-table.ts';
import { writing } from './state-folder.ts';

interface Holder extends KnownProcess {
	/** `up` or `down` */
	action: string;
	/** RFC 3339. */
	since: string;
	/** Programs that it started and that change the environment. */
	children: KnownProcess[];
}

export interface Lock {
	/** Writes down a program that must not go on working when we are gone. */
	addChild(pid: number): void;
	release(): Promise<void>;
}

const settlingTime = 700;

/** Throws LabError where a living process holds it. What a dead one left running is ended first. */
export async function takeLock(file: string, action: string): Promise<Lock> {
	const self = await describeProcess(process.pid);
	if (self === null) throw new Error('this process cannot be found in the process table');
	const holder: Holder = { ...self, action, since: new Date().toISOString(), children: [] };
	await writing(file, () => mkdir(dirname(file), { recursive: true, mode: 0o700 }));
	while (!(await writing(file, () => claim(file, holder)))) {
		const other = await readHolder<Holder>(file);
		if (other !== null && (await isAlive(other))) throw held(other);
		await retire(file, other);
		await endOrphans(other?.children ?? []);
		// An engine may still finish what a dead process had asked it for; what it makes must be there to be found.
		await sleep(settlingTime);
	}
	return openLock(file, holder);
}

function openLock(file: string, holder: Holder): Lock {
	let written = Promise.resolve();
	async function write(pid: number): Promise<void> {
		const child = await describeProcess(pid);
		if (child === null) return;
		holder.children.push(child);
		await writing(file, () => writePrivately(file, JSON.stringify(holder)));
	}
	return {
		addChild(pid) {
			written = written.then(() => write(pid)).catch(() => {});
		},
		async release() {
			await written;
			await rm(file, { force: true });
		},
	};
}

async function endOrphans(children: readonly KnownProcess[]): Promise<void> {
	for (const child of children) {
		for (let attempt = 0; attempt < 50 && (await isAlive(child)); attempt++) {
			try {
				process.kill(-child.pid, attempt < 20 ? 'SIGTERM' : 'SIGKILL');
			} catch {
				break;
			}
			await sleep(100);
		}
	}
}

function held(holder: Holder): LabError {
	return new LabError({
		code: 'environment-busy',
		message: `kubeproctor ${holder.action} is at work on this environment since ${holder.since} (process ${holder.pid}).`,
		remedy: 'Wait until it is done, or end it with Ctrl-C where it runs.',
	});
}
