/** What a store of objects does: every change has a revision, and whoever watches misses none. */

import type { KubeObject } from './object.ts';
import type { TypeName } from './resource-type.ts';

export interface ObjectKey {
	type: TypeName;
	/** Empty for cluster-scoped objects. */
	namespace: string;
	name: string;
}

export interface Change {
	type: 'ADDED' | 'MODIFIED' | 'DELETED';
	revision: number;
	key: ObjectKey;
	/** After the change; for DELETED the last state, with the deletion's resourceVersion. */
	object: KubeObject;
	/** Before the change; null for ADDED. */
	previous: KubeObject | null;
}

/** Objects given and taken are never changed in place. Everything is synchronous: what has returned is kept. */
export interface Store {
	/** Revision of the last change; the `resourceVersion` of a list. */
	readonly revision: number;
	get(key: ObjectKey): KubeObject | null;
	/** `namespace` null: in all of them. Ordered by namespace and name. */
	list(type: TypeName, namespace: string | null): readonly KubeObject[];
	/** Writes `object` with a new resourceVersion, and gives it back. Null removes it. `time` is the store's clock. */
	write(key: ObjectKey, object: KubeObject | null): KubeObject;
	/** The changes after `revision`; null where they are no longer known (410 Gone). */
	changesSince(revision: number, type: TypeName): readonly Change[] | null;
	/** Told of every change, in order; at once, unless `write` was called by a watcher. Gives back how to stop. */
	watch(onChange: (change: Change) => void): () => void;
}
