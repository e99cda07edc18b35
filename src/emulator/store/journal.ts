/** The journal: every change of the store, one line each, written before the change takes effect. */

import {
	closeSync,
	existsSync,
	fsyncSync,
	ftruncateSync,
	openSync,
	readFileSync,
	renameSync,
	statSync,
	truncateSync,
	writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { LabError } from '../../model/error.ts';
import type { KubeObject } from '../object.ts';
import type { ObjectKey } from '../store.ts';
import type { MemoryStoreOptions } from './memory.ts';

/** Of a line: `[revision, type, namespace, name, object or null]`. A line without a type only says how far it went. */
type Entry = [number, string, string, string, KubeObject | null] | [number];

interface Replay {
	revision: number;
	objects: Map<string, [ObjectKey, KubeObject]>;
	/** How many lines it took. */
	lines: number;
	/** Bytes up to the end of the last whole line. */
	length: number;
}

export interface Journal {
	initial: NonNullable<MemoryStoreOptions['initial']> | null;
	keep: NonNullable<MemoryStoreOptions['keep']>;
	close(): void;
}

/** Rewriting pays where most lines are out of date. */
const leastLinesToCompact = 1000;

/**
 * A write is in the hands of the operating system when `keep` returns: it outlives this process, whatever ends it.
 * Throws LabError where the file is damaged anywhere but at its very end, where a write may have been cut short.
 */
export function openJournal(path: string): Journal {
	const replay = existsSync(path) ? replayFile(path) : null;
	if (replay !== null) mend(path, replay);
	const file = openSync(path, 'a', 0o600);
	let length = replay === null ? 0 : readLength(path);
	return {
		initial: replay && { revision: replay.revision, objects: replay.objects.values() },
		keep(key, object, revision) {
			const line = Buffer.from(formatLine([revision, key.type, key.namespace, key.name, object]));
			try {
				writeAll(file, line);
			} catch (cause) {
				// Half a line must not be followed by another.
				ftruncateSync(file, length);
				throw cause;
			}
			length += line.length;
		},
		close: () => closeSync(file),
	};
}

function readLength(path: string): number {
	return statSync(path).size;
}

/** Leaves a file that a next line may follow, and that is not much longer than what it stands for. */
function mend(path: string, replay: Replay): void {
	const isWasteful = replay.lines > leastLinesToCompact && replay.lines > 2 * replay.objects.size;
	if (isWasteful) compact(path, replay);
	else truncateSync(path, replay.length);
}

/** Made aside and put in place whole. */
function compact(path: string, { revision, objects }: Replay): void {
	const aside = `${path}.new`;
	const file = openSync(aside, 'w', 0o600);
	const sorted = [...objects.values()].sort(([, a], [, b]) => revisionOf(a) - revisionOf(b));
	const lines = sorted.map(([key, object]) =>
		formatLine([revisionOf(object), key.type, key.namespace, key.name, object]),
	);
	const last = sorted.at(-1);
	if (last === undefined || revisionOf(last[1]) < revision) lines.push(formatLine([revision]));
	writeAll(file, Buffer.from(lines.join('')));
	fsyncSync(file);
	closeSync(file);
	renameSync(aside, path);
}

function revisionOf({ metadata }: KubeObject): number {
	return Number(metadata.resourceVersion);
}

function writeAll(file: number, bytes: Buffer): void {
	for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function formatLine(entry: Entry): string {
	const text = JSON.stringify(entry);
	return `${checksum(text)} ${text}\n`;
}

function checksum(text: string): string {
	return crc32(text).toString(16).padStart(8, '0');
}

function replayFile(path: string): Replay {
	const content = readFileSync(path);
	const length = content.lastIndexOf('\n') + 1;
	const lines = content.subarray(0, length).toString().split('\n').slice(0, -1);
	const objects: Replay['objects'] = new Map();
	let revision = 0;
	for (const [index, line] of lines.entries()) {
		const entry = readLine(line);
		if (entry === null || entry[0] <= revision) throw damaged(path, index + 1);
		revision = entry[0];
		const [, type, namespace = '', name = '', object] = entry;
		if (type === undefined) continue;
		const id = `${type} ${namespace}/${name}`;
		if (object === null || object === undefined) objects.delete(id);
		else objects.set(id, [{ type, namespace, name }, object]);
	}
	return { revision, objects, lines: lines.length, length };
}

/** Null: not what was written. */
function readLine(line: string): Entry | null {
	const text = line.slice(9);
	return line.slice(0, 9) === `${checksum(text)} ` ? (JSON.parse(text) as Entry) : null;
}

function damaged(path: string, line: number): LabError {
	return new LabError({
		code: 'journal-damaged',
		message: `Line ${line} of the embedded cluster's journal is damaged: ${path}.`,
		remedy: 'Remove the environment with kubeproctor down and make it again with kubeproctor up.',
	});
}
