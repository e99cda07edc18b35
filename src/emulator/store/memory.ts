/** The store: objects in memory, a revision for every change, and a window of the past for watches. */

import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import type { Change, ObjectKey, Store } from '../store.ts';
import { History } from './history.ts';
import { Shelf } from './shelf.ts';
import { weigh } from './weight.ts';

export interface MemoryStoreOptions {
	/** What was there before, with the revision that it had reached. */
	initial?: { revision: number; objects: Iterable<[ObjectKey, KubeObject]> };
	/** Called before a change takes effect: it must be kept when this returns, or this throws and nothing has changed. */
	keep?: (key: ObjectKey, object: KubeObject | null, revision: number) => void;
	/** How many changes of a type are remembered. */
	historyLimit?: number;
	/** How much memory all that is remembered may take. */
	historyBytes?: number;
}

/** A new cluster's revisions do not begin at 1 either, and clients take 0 for "any". */
const firstRevision = 1;

export class MemoryStore implements Store {
	#revision: number;
	readonly #shelves = new Map<TypeName, Shelf>();
	readonly #histories = new Map<TypeName, History>();
	readonly #watchers = new Set<(change: Change) => void>();
	/** The first of them is being told. */
	readonly #untold: Change[] = [];
	readonly #keep: NonNullable<MemoryStoreOptions['keep']>;
	readonly #historyLimit: number;
	readonly #historyBytes: number;
	/** Nothing is known of what happened before. */
	readonly #begin: number;

	constructor({
		initial,
		keep = () => {},
		historyLimit = 2000,
		historyBytes = 64 * 1024 * 1024,
	}: MemoryStoreOptions = {}) {
		this.#keep = keep;
		this.#historyLimit = historyLimit;
		this.#historyBytes = historyBytes;
		this.#begin = initial?.revision ?? firstRevision;
		this.#revision = this.#begin;
		for (const [key, object] of initial?.objects ?? []) this.#shelf(key.type).put(key.namespace, key.name, object);
	}

	get revision(): number {
		return this.#revision;
	}

	get(key: ObjectKey): KubeObject | null {
		return this.#shelves.get(key.type)?.get(key.namespace, key.name) ?? null;
	}

	list(type: TypeName, namespace: string | null): readonly KubeObject[] {
		return this.#shelves.get(type)?.list(namespace) ?? [];
	}

	write(key: ObjectKey, object: KubeObject | null): KubeObject {
		const shelf = this.#shelf(key.type);
		const previous = shelf.get(key.namespace, key.name);
		const source = object ?? previous;
		if (source === null) throw new Error(`${key.type} ${key.namespace}/${key.name} is not there to be removed`);

		const revision = this.#revision + 1;
		const stored = { ...source, metadata: { ...source.metadata, resourceVersion: String(revision) } };
		this.#keep(key, object === null ? null : stored, revision);
		this.#revision = revision;
		if (object === null) shelf.remove(key.namespace, key.name);
		else shelf.put(key.namespace, key.name, stored);

		const type = object === null ? 'DELETED' : previous === null ? 'ADDED' : 'MODIFIED';
		this.#tell({ type, revision, key, object: stored, previous });
		return stored;
	}

	changesSince(revision: number, type: TypeName): readonly Change[] | null {
		return this.#history(type).since(revision);
	}

	watch(onChange: (change: Change) => void): () => void {
		this.#watchers.add(onChange);
		return () => {
			this.#watchers.delete(onChange);
		};
	}

	#tell(change: Change): void {
		this.#remember(change);
		this.#untold.push(change);
		if (this.#untold.length > 1) return;
		// A watcher may write: what it writes is told after everybody has heard of what came before.
		for (let next = this.#untold[0]; next !== undefined; next = this.#untold[0]) {
			for (const watcher of this.#watchers) notify(watcher, next);
			this.#untold.shift();
		}
	}

	#remember(change: Change): void {
		this.#history(change.key.type).add(change, weigh(change.object) + weigh(change.previous));
		const histories = [...this.#histories.values()];
		while (histories.reduce((sum, { bytes }) => sum + bytes, 0) > this.#historyBytes) {
			histories.reduce((one, other) => (other.bytes > one.bytes ? other : one)).forgetHalf();
		}
	}

	#shelf(type: TypeName): Shelf {
		return fetchOr(this.#shelves, type, () => new Shelf());
	}

	#history(type: TypeName): History {
		return fetchOr(this.#histories, type, () => new History(this.#historyLimit, this.#begin));
	}
}

/** What a watcher throws is neither the fault of who writes nor a reason for others not to be told. */
function notify(watcher: (change: Change) => void, change: Change): void {
	try {
		watcher(change);
	} catch (thrown) {
		process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
	}
}

function fetchOr<V>(map: Map<string, V>, key: string, make: () => V): V {
	const found = map.get(key) ?? make();
	map.set(key, found);
	return found;
}
