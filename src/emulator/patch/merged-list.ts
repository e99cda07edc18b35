/** Lists that a strategic merge patch merges: items found by their key, and brought in order. */

import { unknown } from '../operations/errors.ts';
import { printGoValue } from './go-print.ts';

type Fields = Record<string, unknown>;

/** Throws where the item has no such field. */
export function readKey(item: unknown, mergeKey: string): unknown {
	const fields = item as Fields;
	if (Object.hasOwn(fields, mergeKey)) return fields[mergeKey];
	throw unknown(`map: ${printGoValue(item)} does not contain declared merge key: ${mergeKey}`);
}

/** -1 where there is none. */
export function findItem(items: readonly unknown[], mergeKey: string, key: unknown): number {
	return items.findIndex((item) => (item as Fields)[mergeKey] === key);
}

/** What the items of these lists are; they must be alike. */
export function findTypeOf(lists: readonly (readonly unknown[])[]): string {
	const kinds = new Set(lists.flat().map((item) => (Array.isArray(item) ? 'list' : typeof item)));
	if (kinds.has('list')) throw unknown('lists of lists are not supported');
	if (kinds.size > 1) {
		throw unknown(`list element types are not identical: ${printGoValue(lists)}`);
	}
	return [...kinds][0] ?? 'string';
}

/**
 * What `wanted` names comes in its order, the rest in the order of `before`; where one of each stands next, it is the one
 * that came first in `before`, and the wanted one where that does not say.
 */
export function orderItems(
	items: readonly unknown[],
	wanted: readonly unknown[],
	before: readonly unknown[],
	mergeKey: string | null,
): unknown[] {
	const indexIn = (list: readonly unknown[], item: unknown) =>
		mergeKey === null ? list.indexOf(item) : findItem(list, mergeKey, readKey(item, mergeKey));
	const sort = (list: readonly unknown[], part: unknown[]) =>
		part.sort((left, right) => indexIn(list, left) - indexIn(list, right));
	const named = sort(
		wanted,
		items.filter((item) => indexIn(wanted, item) >= 0),
	);
	const others = sort(
		before,
		items.filter((item) => indexIn(wanted, item) < 0),
	);
	const ordered: unknown[] = [];
	while (named.length > 0 || others.length > 0) {
		ordered.push(takeNext(named, others, (item) => indexIn(before, item)));
	}
	return ordered;
}

function takeNext(named: unknown[], others: unknown[], indexBefore: (item: unknown) => number): unknown {
	if (named.length === 0) return others.shift();
	if (others.length === 0) return named.shift();
	const other = indexBefore(others[0]);
	const own = indexBefore(named[0]);
	return other >= 0 && own >= 0 && other < own ? others.shift() : named.shift();
}

/**
 * The original list as its order is looked up after the merge. Deleting and appending reuse its array in the real
 * implementation, so that an added item takes the place of a deleted one at the end; clients have come to see that order.
 */
export function overwritePlaces(before: readonly unknown[], patch: readonly unknown[], mergeKey: string): unknown[] {
	const places = [...before];
	let length = places.length;
	const changes = patch as Fields[];
	for (const { [mergeKey]: key } of changes.filter(({ $patch }) => $patch === 'delete')) {
		for (let at = findItem(places.slice(0, length), mergeKey, key); at >= 0; ) {
			places.copyWithin(at, at + 1, length);
			length -= 1;
			at = findItem(places.slice(0, length), mergeKey, key);
		}
	}
	for (const change of changes.filter((each) => !Object.hasOwn(each, '$patch'))) {
		if (length >= places.length) break;
		if (findItem(places.slice(0, length), mergeKey, change[mergeKey]) < 0) places[length++] = change;
	}
	return places;
}
