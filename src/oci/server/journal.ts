/** Who asked the registry for which manifest, and what came of it: what a grader may ask about later. */

import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../model/error.ts';
import type { PullRecord } from '../../model/registry.ts';

export interface AccessRecord extends PullRecord {
	/** Who proved to be that user; null for anybody else, whatever name was given. */
	user: string | null;
	/** Of what was answered; null where nothing was. */
	digest: string | null;
}

export interface Journal {
	readonly records: readonly AccessRecord[];
	/** It is kept before this returns. */
	add(record: AccessRecord): void;
	close(): void;
}

/** A record on each line. */
const fileName = 'access.jsonl';

export function openJournal(): Journal {
	const records: AccessRecord[] = [];
	return { records, add: (record) => void records.push(record), close: () => {} };
}

/** Goes on where the one in that folder ended. Throws LabError where it is damaged. */
export function openJournalIn(folder: string): Journal {
	const path = join(folder, fileName);
	const { records, length } = parseJournal(path);
	const file = openSync(path, 'a', 0o600);
	// Half a line is what a process wrote that died over it.
	truncateSync(path, length);
	return {
		records,
		add(record) {
			writeSync(file, `${JSON.stringify(record)}\n`);
			records.push(record);
		},
		close: () => closeSync(file),
	};
}

/** The journal of a registry that keeps everything in that folder, running or not. Throws LabError where it is damaged. */
export function readAccessJournal(folder: string): AccessRecord[] {
	return parseJournal(join(folder, fileName)).records;
}

function parseJournal(path: string): { records: AccessRecord[]; length: number } {
	const bytes = readIfThere(path);
	const length = bytes.lastIndexOf('\n') + 1;
	const lines = bytes.subarray(0, length).toString().split('\n').slice(0, -1);
	return { records: lines.map((line, index) => parseRecord(path, line, index + 1)), length };
}

function readIfThere(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
		throw error;
	}
}

function parseRecord(path: string, line: string, number: number): AccessRecord {
	try {
		const record = JSON.parse(line) as AccessRecord;
		if (typeof record.time === 'string' && typeof record.status === 'number') return record;
	} catch {}
	throw new LabError({
		code: 'registry-log-damaged',
		message: `Line ${number} of ${path} is no record of the registry's.`,
		remedy: 'Delete that line to go on without it; whoever pulled then has to pull again.',
	});
}
