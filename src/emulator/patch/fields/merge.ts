/** Merges an applied object into the live one, and takes paths out of an object. */

import { fieldOf, type Schema } from '../../schema/index.ts';
import { asFields, asList, nameItem, type Structure, structureOf } from './structure.ts';
import { emptyTree, isEmptyTree, type Tree } from './tree.ts';

/** Undefined: not there. What is applied wins; lists keep the order of what is applied. */
export function mergeApplied(live: unknown, applied: unknown, schema: Schema): unknown {
	const structure = structureOf(schema, ...[live, applied].filter((each) => each !== undefined));
	const isVoid = (value: unknown) => value === undefined || value === null || Object.keys(value).length === 0;
	if (structure.kind === 'leaf' || (isVoid(live) && isVoid(applied))) return applied === undefined ? live : applied;
	if (structure.kind === 'list') return orUndefined(mergeLists(asList(live), asList(applied), structure));
	const [before, after] = [asFields(live), asFields(applied)];
	const names = new Set([...Object.keys(before), ...Object.keys(after)]);
	const merged = [...names].map(
		(name) => [name, mergeApplied(before[name], after[name], fieldOf(schema, name) ?? {})] as const,
	);
	return Object.fromEntries(merged.filter(([, each]) => each !== undefined));
}

function orUndefined(items: unknown[]): unknown[] | undefined {
	return items.length > 0 ? items : undefined;
}

/** Shared items come in the applied order; live ones between them keep their place as far as that allows. */
function mergeLists(live: readonly unknown[], applied: readonly unknown[], structure: ListStructure): unknown[] {
	const left = live.map((item) => nameItem(structure, item));
	const right = applied.map((item) => nameItem(structure, item));
	const shared = right.filter((name) => left.includes(name));
	const done = new Set<string>();
	const merged: unknown[] = [];
	const take = (name: string) => {
		done.add(name);
		const found = left.filter((each) => each === name).length;
		// Items that are there twice are replaced, not merged.
		const before = found === 1 ? live[left.indexOf(name)] : undefined;
		merged.push(mergeApplied(before, applied[right.indexOf(name)], structure.item));
	};
	let [l, r] = [0, 0];
	while (l < left.length || r < right.length) {
		const [own, other] = [left[l], right[r]];
		if (own !== undefined && own === other) {
			take(own);
			l += 1;
			r += 1;
			shared.shift();
			continue;
		}
		if (own !== undefined && other !== undefined && right.includes(own) && shared.length > 0 && shared[0] !== own) {
			l += 1;
			continue;
		}
		if (own !== undefined && !right.includes(own)) {
			merged.push(live[l]);
			l += 1;
			continue;
		}
		if (own !== undefined && done.has(own)) l += 1;
		if (other === undefined) continue;
		take(other);
		r += 1;
		if (shared[0] === other) shared.shift();
	}
	return merged;
}

type ListStructure = Extract<Structure, { kind: 'list' }>;

/** Null where nothing is left of a list or map. */
export function removePaths(value: unknown, paths: Tree, schema: Schema): unknown {
	const structure = structureOf(schema, value);
	const target = value !== null && typeof value === 'object';
	if (!target) return value;
	if (structure.kind === 'leaf') return null;
	if (structure.kind === 'list') return removeItems(asList(value), paths, structure);
	const kept = Object.entries(asFields(value)).flatMap(([name, each]) => {
		const inner = paths.inner.get(`f:${name}`) ?? emptyTree;
		if (inner.isMember) return [];
		return [[name, isEmptyTree(inner) ? each : removePaths(each, inner, fieldOf(schema, name) ?? {})] as const];
	});
	return kept.length > 0 ? Object.fromEntries(kept) : null;
}

function removeItems(items: readonly unknown[], paths: Tree, structure: ListStructure): unknown[] | null {
	const kept = items.flatMap((item) => {
		const inner = paths.inner.get(nameItem(structure, item)) ?? emptyTree;
		if (inner.isMember) return [];
		return [isEmptyTree(inner) ? item : removePaths(item, inner, structure.item)];
	});
	return kept.length > 0 ? kept : null;
}
