/** Which paths two objects differ in. */

import { fieldOf, type Schema } from '../../schema/index.ts';
import { isEqual } from '../json-patch.ts';
import { asFields, asList, nameItem, type Structure, structureOf } from './structure.ts';
import { emptyTree, leaf, makeTree, type Tree, unite } from './tree.ts';

export interface Comparison {
	added: Tree;
	removed: Tree;
	modified: Tree;
}

const same: Comparison = { added: emptyTree, removed: emptyTree, modified: emptyTree };

/** Undefined: not there. */
export function compare(left: unknown, right: unknown, schema: Schema): Comparison {
	if (left === right) return same;
	if (left === undefined) return { ...same, added: allPathsOf(right, schema) };
	if (right === undefined) return { ...same, removed: allPathsOf(left, schema) };
	const structure = structureOf(schema, left, right);
	if (structure.kind === 'leaf' || (isVoid(left) && isVoid(right))) return compareLeaves(left, right);
	return structure.kind === 'map' ? compareMaps(left, right, schema) : compareLists(left, right, structure);
}

/** Of what is there on one side alone: itself, and all that is in it. */
function allPathsOf(value: unknown, schema: Schema): Tree {
	const structure = structureOf(schema, value);
	if (structure.kind === 'leaf' || isVoid(value)) return leaf;
	if (structure.kind === 'map') {
		const fields = Object.entries(asFields(value));
		return makeTree(
			true,
			fields.map(([name, each]) => [`f:${name}`, allPathsOf(each, fieldOf(schema, name) ?? {})]),
		);
	}
	const items = [...groupItems(value, structure)];
	return makeTree(
		true,
		items.map(([name, group]) => [name, group.length > 1 ? leaf : allPathsOf(group[0], structure.item)]),
	);
}

function compareLeaves(left: unknown, right: unknown): Comparison {
	return isEqual(left, right) ? same : { ...same, modified: leaf };
}

/** What tells empty from absent, and has nothing in it to compare. */
function isVoid(value: unknown): boolean {
	if (value === undefined || value === null) return true;
	return typeof value === 'object' && Object.keys(value).length === 0;
}

function compareMaps(left: unknown, right: unknown, schema: Schema): Comparison {
	const [before, after] = [asFields(left), asFields(right)];
	const names = new Set([...Object.keys(before), ...Object.keys(after)]);
	return gather(
		[...names].map((name) => [`f:${name}`, compare(before[name], after[name], fieldOf(schema, name) ?? {})] as const),
	);
}

function compareLists(left: unknown, right: unknown, structure: Extract<Structure, { kind: 'list' }>): Comparison {
	const [before, after] = [groupItems(left, structure), groupItems(right, structure)];
	const names = new Set([...before.keys(), ...after.keys()]);
	return gather(
		[...names].map(
			(name) => [name, compareItems(before.get(name) ?? [], after.get(name) ?? [], structure.item)] as const,
		),
	);
}

/** Items that are there twice are compared as one. */
function compareItems(before: readonly unknown[], after: readonly unknown[], schema: Schema): Comparison {
	if (before.length <= 1 && after.length <= 1) return compare(before[0], after[0], schema);
	if (before.length >= 2 && after.length >= 2) return isEqual(before, after) ? same : { ...same, modified: leaf };
	const inner = before.length >= 2 ? compare(undefined, after[0], schema) : compare(before[0], undefined, schema);
	const side = before.length >= 2 ? 'removed' : 'added';
	return { ...inner, [side]: unite(inner[side], leaf) };
}

function groupItems(value: unknown, structure: Extract<Structure, { kind: 'list' }>): Map<string, unknown[]> {
	const groups = new Map<string, unknown[]>();
	for (const item of asList(value)) {
		const name = nameItem(structure, item);
		const group = groups.get(name);
		if (group === undefined) groups.set(name, [item]);
		else group.push(item);
	}
	return groups;
}

function gather(parts: readonly (readonly [string, Comparison])[]): Comparison {
	const side = (name: keyof Comparison) =>
		makeTree(
			false,
			parts.map(([key, part]) => [key, part[name]]),
		);
	return { added: side('added'), removed: side('removed'), modified: side('modified') };
}
