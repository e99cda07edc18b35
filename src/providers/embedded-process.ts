/** The process of an embedded environment as others see it: found, started, spoken to and ended. */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	type EmbeddedEndpoints,
	type EmbeddedPlan,
	type EmbeddedProcess,
	type EmbeddedRecord,
	type EmbeddedRegistryPlan,
	recordName,
} from '../model/embedded.ts';
import type { Found, Work } from '../model/provider.ts';
import { writePrivately } from '../private-file.ts';
import { describeProcess, isAlive } from '../process-table.ts';
import { traceCall } from '../trace.ts';
import { isAnswering, sendOrder } from './embedded-control.ts';

/** Resolves once it answers; `pid`: the process that it is now. */
export type Launch = (plan: EmbeddedPlan, work: Work) => Promise<{ pid: number; endpoints: EmbeddedEndpoints }>;

export interface EmbeddedProcessOptions {
	name: string;
	/** The environment's own folder. */
	folder: string;
	/** The label that was written down with the environment; null: none was. */
	knownLabel: string | null;
	registries: readonly { host: string; port: number | undefined }[];
	/** It is to run in this very process: one that runs elsewhere is as good as stopped. */
	isForeground: boolean;
	launch: Launch;
}

const patienceToEnd = 5_000;

export function openEmbeddedProcess({
	name,
	folder,
	knownLabel,
	registries,
	isForeground,
	launch,
}: EmbeddedProcessOptions): EmbeddedProcess {
	let starting: Promise<EmbeddedRecord> | undefined;

	async function find(): Promise<Found> {
		const record = await readRecord(folder);
		const label = record?.label ?? knownLabel;
		if (label === null || !hasCluster(folder)) return { state: 'absent' };
		return { state: record !== null && (await mayStay(record)) ? 'running' : 'stopped', label };
	}

	/** One that serves other registries than are wanted is as good as stopped: it is started anew for them. */
	async function mayStay(record: EmbeddedRecord): Promise<boolean> {
		if (!fits(record, registries)) return false;
		if (isForeground && record.pid !== process.pid) return false;
		return (await isAlive(record)) && (await isAnswering(record));
	}

	async function startOnce(label: string, work: Work): Promise<EmbeddedRecord> {
		const last = await readRecord(folder);
		if (last !== null && (await mayStay(last))) return last;
		if (last !== null) await end(last);
		work.tell('starting it');
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const token = randomBytes(24).toString('hex');
		const plan: EmbeddedPlan = {
			folder,
			name,
			context: nameContext(name),
			token,
			lastPort: readPort(last?.server),
			registries: registries.map(({ host, port }): EmbeddedRegistryPlan => {
				return { host, port, lastPort: readPort(last?.registries[host]) };
			}),
		};
		const { pid, endpoints } = await launch(plan, work);
		const { began = '' } = (await describeProcess(pid)) ?? {};
		const record: EmbeddedRecord = { schemaVersion: 1, label, token, pid, began, ...endpoints };
		// It holds what opens the control door.
		await writePrivately(join(folder, recordName), `${JSON.stringify(record, null, '\t')}\n`);
		return record;
	}

	return {
		find,
		start(label, work) {
			starting ??= startOnce(label, work);
			return starting;
		},
		async stop() {
			starting = undefined;
			const record = await readRecord(folder);
			return record !== null && (await end(record)) ? record.pid : null;
		},
		async order(method, path, body) {
			const record = await readRecord(folder);
			if (record !== null) await sendOrder(record, method, path, body);
		},
	};
}

export function nameContext(name: string): string {
	return `embedded-${name}`;
}

/** Where the emulator keeps its objects; without it there is nothing that could be started again. */
function hasCluster(folder: string): boolean {
	return existsSync(join(folder, 'cluster'));
}

/** Whether there was a process to end. */
async function end(record: EmbeddedRecord): Promise<boolean> {
	if (record.pid === process.pid || !(await isAlive(record))) return false;
	await traceCall(
		{ text: `kill ${record.pid}`, awaited: `process ${record.pid} to end` },
		() => endAlive(record),
		() => 'ended',
	);
	return true;
}

async function endAlive(record: EmbeddedRecord): Promise<void> {
	kill(record.pid, 'SIGTERM');
	for (const deadline = Date.now() + patienceToEnd; await isAlive(record); await sleep(10)) {
		if (Date.now() > deadline) kill(record.pid, 'SIGKILL');
	}
}

/** It may have ended by itself a moment ago. */
function kill(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

/** A registry that is to have another port needs another start. */
function fits(record: EmbeddedRecord, wanted: EmbeddedProcessOptions['registries']): boolean {
	return wanted.every(({ host, port }) => {
		const current = readPort(record.registries[host]);
		return current !== undefined && (port ?? current) === current;
	});
}

function readPort(url: string | undefined): number | undefined {
	return url === undefined ? undefined : Number(new URL(url).port);
}

/** Null: absent or broken; the folder tells then what there is. */
async function readRecord(folder: string): Promise<EmbeddedRecord | null> {
	try {
		const record = JSON.parse(await readFile(join(folder, recordName), 'utf8')) as EmbeddedRecord;
		return record.schemaVersion === 1 ? record : null;
	} catch {
		return null;
	}
}
