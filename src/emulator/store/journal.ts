/** The journal: every change of the store, one line each, written before the change takes effect. */

import type { KubeObject } from '../object.ts';
import type { ObjectKey } from '../store.ts';
import { damagedLine, type LineFile, openLineFile, readLineFile, replaceLineFile } from './line-file.ts';
import type { MemoryStoreOptions } from './memory.ts';

/** Of a line: `[revision, type, namespace, name, object or null]`. A line without a type only says how far it went. */
type Entry = [number, string, string, string, KubeObject | null] | [number];

interface Replay {
	revision: number;
	objects: Map<string, [ObjectKey, KubeObject]>;
}

export interface Journal {
	initial: NonNullable<MemoryStoreOptions['initial']> | null;
	keep: NonNullable<MemoryStoreOptions['keep']>;
	close(): void;
}

/** Rewriting pays where most lines are out of date. */
const leastLinesToCompact = 1000;

/** A write outlives this process when `keep` returns. Throws LabError where the file is damaged; see readLineFile. */
export function openJournal(path: string): Journal {
	const kept = readLineFile(path);
	const replay = kept && replayEntries(path, kept.entries as Entry[]);
	const isWasteful =
		kept !== null &&
		replay !== null &&
		kept.entries.length > leastLinesToCompact &&
		kept.entries.length > 2 * replay.objects.size;
	const file: LineFile = isWasteful ? replaceLineFile(path, listEntries(replay)) : openLineFile(path, kept);
	return {
		initial: replay && { revision: replay.revision, objects: replay.objects.values() },
		keep: (key, object, revision) => file.append([revision, key.type, key.namespace, key.name, object] satisfies Entry),
		close: () => file.close(),
	};
}

function replayEntries(path: string, entries: readonly Entry[]): Replay {
	const objects: Replay['objects'] = new Map();
	let revision = 0;
	for (const [index, entry] of entries.entries()) {
		if (entry[0] <= revision) throw damagedLine(path, index + 1);
		revision = entry[0];
		const [, type, namespace = '', name = '', object] = entry;
		if (type === undefined) continue;
		const id = `${type} ${namespace}/${name}`;
		if (object === null || object === undefined) objects.delete(id);
		else objects.set(id, [{ type, namespace, name }, object]);
	}
	return { revision, objects };
}

/** What it all comes to. */
function listEntries({ revision, objects }: Replay): Entry[] {
	const sorted = [...objects.values()].sort(([, a], [, b]) => revisionOf(a) - revisionOf(b));
	const entries: Entry[] = sorted.map(([key, object]) => [
		revisionOf(object),
		key.type,
		key.namespace,
		key.name,
		object,
	]);
	const last = sorted.at(-1);
	if (last === undefined || revisionOf(last[1]) < revision) entries.push([revision]);
	return entries;
}

function revisionOf({ metadata }: KubeObject): number {
	return Number(metadata.resourceVersion);
}
