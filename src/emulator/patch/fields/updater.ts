/** Who owns which fields after an update or an apply (structured-merge-diff's merge.Updater). */

import type { Schema } from '../../schema/index.ts';
import { isEqual } from '../json-patch.ts';
import { type Comparison, compare } from './compare.ts';
import type { Conflict } from './conflict.ts';
import { fieldSetOf, withNamedFields } from './field-set.ts';
import { identify, type Manager, type Managers } from './managers.ts';
import { mergeApplied, removePaths } from './merge.ts';
import { cut, emptyTree, intersect, isEmptyTree, subtract, type Tree, treeOf, unite } from './tree.ts';

export interface Change {
	schema: Schema;
	live: unknown;
	managers: Managers;
	/** Who writes now; `owned` is not looked at. */
	writer: Manager;
	/** Paths that this endpoint does not change, with all below. */
	ignored: Tree;
}

/** Fields of metadata that nobody owns. */
const unowned = treeOf(
	['apiVersion'],
	['kind'],
	['metadata'],
	...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName'].map((name) => ['metadata', name]),
	...['generation', 'managedFields', 'resourceVersion'].map((name) => ['metadata', name]),
);

export function updateManagers({ schema, live, managers, writer, ignored }: Change, changed: unknown): Managers {
	const difference = ignore(compare(live, changed, schema), ignored);
	const result = new Map(takeFrom(managers, difference, null));
	const owned = subtract(unite(difference.modified, difference.added), unowned);
	if (isEmptyTree(owned)) return result;
	const id = identify(writer);
	result.set(id, { ...writer, owned: unite(owned, result.get(id)?.owned ?? emptyTree) });
	return result;
}

/** Throws StatusError where another manager owns what would change, unless it is forced. `object` null: nothing changed. */
export function applyManaged(
	change: Change,
	applied: unknown,
	isForced: boolean,
): { object: unknown; managers: Managers; conflicts: readonly Conflict[] } {
	const { schema, live, managers, writer, ignored } = change;
	const id = identify(writer);
	const last = managers.get(id)?.owned ?? emptyTree;
	const owned = cut(fieldSetOf(applied, schema), ignored);
	const claims = new Map([...managers, [id, { ...writer, owned }]]);
	const merged = mergeApplied(live, applied, schema);
	const object = isEmptyTree(last) ? merged : prune(merged, schema, claims, last);
	const difference = ignore(compare(live, object, schema), ignored);
	const conflicts = isForced ? [] : findConflicts(claims, difference, id);
	const result = new Map(takeFrom(claims, difference, id));
	const isUnchanged = isEqual(live, object);
	const own = result.get(id);
	// An apply that changes nothing leaves no time, even where it is the first of its manager.
	const time = isUnchanged ? managers.get(id)?.time : writer.time;
	if (own !== undefined) result.set(id, { ...own, time, owned: subtract(own.owned, unowned) });
	return { object: isUnchanged ? null : object, managers: result, conflicts };
}

/** Without what may be taken. */
export function exceptAllowed(conflicts: readonly Conflict[], allowed: Tree): Conflict[] {
	return conflicts
		.map(({ manager, paths }) => ({ manager, paths: subtract(paths, allowed) }))
		.filter(({ paths }) => !isEmptyTree(paths));
}

function findConflicts(managers: Managers, { added, modified }: Comparison, writer: string): Conflict[] {
	return [...managers]
		.filter(([id]) => id !== writer)
		.map(([, manager]) => ({ manager, paths: intersect(manager.owned, unite(modified, added)) }))
		.filter(({ paths }) => !isEmptyTree(paths));
}

/** Others lose what changed. */
function takeFrom(managers: Managers, { added, removed, modified }: Comparison, writer: string | null): Managers {
	const lost = unite(unite(added, modified), removed);
	const left = [...managers].map(
		([id, manager]) => [id, id === writer ? manager : { ...manager, owned: subtract(manager.owned, lost) }] as const,
	);
	return new Map(left.filter(([, { owned }]) => !isEmptyTree(owned)));
}

function ignore({ added, removed, modified }: Comparison, ignored: Tree): Comparison {
	return { added: cut(added, ignored), removed: cut(removed, ignored), modified: cut(modified, ignored) };
}

/** Removes what was applied last time and is not now, unless somebody else owns it or something in it. */
function prune(merged: unknown, schema: Schema, managers: Managers, last: Tree): unknown {
	const named = (tree: Tree) => withNamedFields(tree, schema);
	const owned = [...managers.values()].map((manager) => manager.owned).reduce(unite, emptyTree);
	const all = named(fieldSetOf(merged, schema));
	const withoutLast = named(fieldSetOf(removePaths(merged, named(last), schema) ?? {}, schema));
	const withOwned = removePaths(merged, subtract(all, unite(withoutLast, named(owned))), schema) ?? {};
	const kept = named(fieldSetOf(withOwned, schema));
	return removePaths(merged, intersect(subtract(all, kept), named(last)), schema) ?? {};
}
