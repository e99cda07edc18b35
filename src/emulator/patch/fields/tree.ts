/** Sets of paths into an object, as structured-merge-diff keeps them: a path may be a member beside the paths below it. */

import type { FieldSet } from '../../object.ts';

/** Names are those of FieldsV1: `f:name`, `k:{"name":"app"}`, `v:"x"`. Never changed in place. */
export interface Tree {
	isMember: boolean;
	inner: ReadonlyMap<string, Tree>;
}

export const emptyTree: Tree = { isMember: false, inner: new Map() };
export const leaf: Tree = { isMember: true, inner: new Map() };

export function isEmptyTree(tree: Tree): boolean {
	return !tree.isMember && tree.inner.size === 0;
}

/** Leaves out what is empty. */
export function makeTree(isMember: boolean, inner: Iterable<readonly [string, Tree]>): Tree {
	const kept = new Map<string, Tree>();
	for (const [name, tree] of inner) if (!isEmptyTree(tree)) kept.set(name, tree);
	return kept.size > 0 || isMember ? { isMember, inner: kept } : emptyTree;
}

export function unite(left: Tree, right: Tree): Tree {
	if (isEmptyTree(left)) return right;
	if (isEmptyTree(right)) return left;
	const names = new Set([...left.inner.keys(), ...right.inner.keys()]);
	return makeTree(
		left.isMember || right.isMember,
		[...names].map((name) => [name, unite(left.inner.get(name) ?? emptyTree, right.inner.get(name) ?? emptyTree)]),
	);
}

/** Members of `left` that are none of `right`; paths below a member of `right` stay. */
export function subtract(left: Tree, right: Tree): Tree {
	if (isEmptyTree(left) || isEmptyTree(right)) return left;
	return makeTree(
		left.isMember && !right.isMember,
		[...left.inner].map(([name, tree]) => [name, subtract(tree, right.inner.get(name) ?? emptyTree)]),
	);
}

/** As `subtract`, but with everything below. */
export function cut(left: Tree, right: Tree): Tree {
	if (right.isMember) return emptyTree;
	if (isEmptyTree(left) || right.inner.size === 0) return left;
	return makeTree(
		left.isMember,
		[...left.inner].map(([name, tree]) => [name, cut(tree, right.inner.get(name) ?? emptyTree)]),
	);
}

export function intersect(left: Tree, right: Tree): Tree {
	return makeTree(
		left.isMember && right.isMember,
		[...left.inner].map(([name, tree]) => [name, intersect(tree, right.inner.get(name) ?? emptyTree)]),
	);
}

/** Paths of all members: those of an object before those of the objects in it. */
export function listPaths(tree: Tree, prefix: readonly string[] = []): string[][] {
	const sorted = [...tree.inner].sort(([a], [b]) => (a < b ? -1 : 1));
	return [
		...sorted.filter(([, each]) => each.isMember).map(([name]) => [...prefix, name]),
		...sorted.flatMap(([name, each]) => listPaths(each, [...prefix, name])),
	];
}

/** Of a list of paths, each of names of fields. */
export function treeOf(...paths: readonly string[][]): Tree {
	return paths.map(singlePath).reduce(unite, emptyTree);
}

function singlePath([first, ...rest]: readonly string[]): Tree {
	return first === undefined ? leaf : makeTree(false, [[`f:${first}`, singlePath(rest)]]);
}

export function readFieldSet(fields: FieldSet): Tree {
	const entries = Object.entries(fields).filter(([name]) => name !== '.');
	// Empty: the path alone. An object that has only paths below it names itself by a dot.
	return makeTree(
		Object.hasOwn(fields, '.') || entries.length === 0,
		entries.map(([name, each]) => [name, readFieldSet(each)]),
	);
}

export function writeFieldSet({ isMember, inner }: Tree): FieldSet {
	const entries = [...inner].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, tree]) => [name, writeFieldSet(tree)]);
	const own = isMember && inner.size > 0 ? { '.': {} } : {};
	return { ...own, ...Object.fromEntries(entries) };
}
