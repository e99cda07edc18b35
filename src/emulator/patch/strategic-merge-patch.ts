/** Strategic merge patch: lists merge by the keys that the schema names, and directives delete, replace, retain and order. */

import { badRequest, unknown } from '../operations/errors.ts';
import { fieldOf, type PatchMeta, patchMetaOf, type Schema } from '../schema/index.ts';
import type { StatusError } from '../status-error.ts';
import { withoutNulls } from '../validation/equality.ts';
import { printGoValue } from './go-print.ts';
import { setField } from './json-text.ts';
import { findItem, findTypeOf, orderItems, overwritePlaces, readKey } from './merged-list.ts';

type Fields = Record<string, unknown>;

const directive = '$patch';
const retainKeys = '$retainKeys';
const deletion = '$deleteFromPrimitiveList/';
const order = '$setElementOrder/';

/** Gives back a new object. Throws StatusError as the API server answers a patch that makes no sense. */
export function applyStrategicMergePatch<T extends object>(type: { schema: string }, object: T, patch: object): T {
	const schema: Schema = { $ref: `#/components/schemas/${type.schema}` };
	return mergeObject(structuredClone(object) as Fields, structuredClone(patch) as Fields, schema) as T;
}

/** Both are changed. */
function mergeObject(original: Fields, patch: Fields, schema: Schema): Fields {
	if (Object.hasOwn(patch, directive)) return obey(patch);
	retain(original, patch);
	mergeOrderedLists(original, patch, schema);
	for (const [name, value] of Object.entries(patch)) {
		if (name.startsWith(deletion)) deleteItems(original, name.slice(deletion.length), value);
		else if (value === null) delete original[name];
		else if (kindOf(original[name]) === kindOf(value)) mergeField(original, name, value, schema);
		else take(original, name, value);
	}
	return original;
}

/** `$patch` in an object. */
function obey(patch: Fields): Fields {
	if (patch[directive] === 'delete') return {};
	if (patch[directive] !== 'replace') throw unknownDirective(patch);
	const { [directive]: _, ...rest } = patch;
	return rest;
}

function mergeField(original: Fields, name: string, value: unknown, schema: Schema): void {
	const field = fieldOf(schema, name) ?? {};
	const meta = patchMetaOf(field);
	if (Array.isArray(value)) setField(original, name, mergeList(original[name] as unknown[], value, field, meta));
	else if (kindOf(value) !== 'object') take(original, name, value);
	else if (meta.strategies.includes('replace')) original[name] = value;
	else setField(original, name, mergeObject(original[name] as Fields, value as Fields, field));
}

/** What the original does not have, or has as something else. */
function take(original: Fields, name: string, value: unknown): void {
	const kept = withoutDirectives(withoutNulls(value));
	if (kept === undefined) delete original[name];
	else setField(original, name, kept);
}

/** Undefined where the value itself is a directive. */
function withoutDirectives(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutDirectives).filter((each) => each !== undefined);
	if (kindOf(value) !== 'object') return value;
	if (Object.hasOwn(value as Fields, directive)) return undefined;
	const entries = Object.entries(value as Fields).map(([name, each]) => [name, withoutDirectives(each)] as const);
	return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

/** `$retainKeys`: the original loses what is not named. */
function retain(original: Fields, patch: Fields): void {
	if (!Object.hasOwn(patch, retainKeys)) return;
	const names = patch[retainKeys];
	delete patch[retainKeys];
	if (!Array.isArray(names)) throw badRequest('invalid patch format of retainKeys');
	const isExempt = (name: string) => name.startsWith(deletion) || name.startsWith(order) || patch[name] === null;
	if (Object.keys(patch).some((name) => !isExempt(name) && !names.includes(name))) {
		throw badRequest('invalid patch format of retainKeys');
	}
	for (const name of Object.keys(original)) if (!names.includes(name)) delete original[name];
}

function deleteItems(original: Fields, name: string, items: unknown): void {
	const list = original[name];
	if (!Array.isArray(list) || !Array.isArray(items)) return;
	original[name] = list.filter((each) => !items.includes(each));
}

/** `$setElementOrder`: the named list is merged, then put in that order; what only the original has keeps its place. */
function mergeOrderedLists(original: Fields, patch: Fields, schema: Schema): void {
	for (const directiveName of Object.keys(patch).filter((name) => name.startsWith(order))) {
		const wanted = patch[directiveName];
		delete patch[directiveName];
		const name = directiveName.slice(order.length);
		const field = fieldOf(schema, name) ?? {};
		const meta = patchMetaOf(field);
		if (!Array.isArray(wanted)) throw unknown(`expected a []interface {}, but received a ${goTypeOf(wanted)}`);
		const before = requireList(original[name]);
		const changes = requireList(patch[name]);
		if (before === undefined && changes === undefined) continue;
		requireOrder(changes ?? [], wanted, meta.mergeKey);
		const merged =
			before === undefined ? withoutDirectives(changes) : mergeList([...before], changes ?? [], field, meta, true);
		const places = meta.mergeKey === null ? before : overwritePlaces(before ?? [], changes ?? [], meta.mergeKey);
		original[name] = orderItems(merged as unknown[], wanted, places ?? [], meta.mergeKey);
		delete patch[name];
	}
}

function requireList(value: unknown): unknown[] | undefined {
	if (value === undefined || Array.isArray(value)) return value;
	throw unknown(`expected a []interface {}, but received a ${goTypeOf(value)}`);
}

/** The items of a patch must stand in the order that it names. */
function requireOrder(changes: readonly unknown[], wanted: readonly unknown[], mergeKey: string | null): void {
	if (changes.length === 0 || wanted.length === 0) return;
	const kept = changes.filter((item) => !isDirective(item));
	let at = 0;
	for (const item of wanted) {
		if (at < kept.length && isSame(kept[at], item, mergeKey)) at += 1;
	}
	if (at === kept.length) return;
	const text = `The order in patch list:\n${printGoValue(changes)}\n doesn't match $setElementOrder list:\n${printGoValue(wanted)}\n`;
	throw unknown(text);
}

function isSame(left: unknown, right: unknown, mergeKey: string | null): boolean {
	return mergeKey === null ? left === right : readKey(left, mergeKey) === readKey(right, mergeKey);
}

/** `isOrdered`: a patch may then name an order alone, and no item. */
function mergeList(
	original: unknown[],
	patch: unknown[],
	field: Schema,
	meta: PatchMeta,
	isOrdered = false,
): unknown[] {
	if (isOrdered && patch.length === 0) return original;
	if (!meta.strategies.includes('merge')) return patch;
	if (original.length === 0 && patch.length === 0) return original;
	const kind = findTypeOf([original, patch]);
	if (kind !== 'object') {
		const merged = [...new Set([...original, ...patch])];
		return orderItems(merged, patch, original, null);
	}
	if (meta.mergeKey === null) throw unknown('cannot merge lists without merge key for ');
	const { kept, changes } = applyItemDirectives(original, patch as Fields[], meta.mergeKey);
	const merged = mergeItems([...kept], changes, field, meta.mergeKey);
	return orderItems(merged, changes, kept, meta.mergeKey);
}

function applyItemDirectives(original: unknown[], patch: readonly Fields[], mergeKey: string) {
	let kept = original;
	const changes: Fields[] = [];
	let isReplaced = false;
	for (const item of patch) {
		if (!isDirective(item)) changes.push(item);
		else if (item[directive] === 'delete') {
			const key = readKey(item, mergeKey);
			kept = kept.filter((each) => (each as Fields)[mergeKey] !== key);
		} else if (item[directive] === 'replace') isReplaced = true;
		else if (item[directive] === 'merge') throw unknown('merging lists cannot yet be specified in the patch');
		else throw unknownDirective(item);
	}
	return isReplaced ? { kept: changes, changes: [] } : { kept, changes };
}

function mergeItems(merged: unknown[], changes: readonly Fields[], field: Schema, mergeKey: string): unknown[] {
	for (const change of changes) {
		const index = findItem(merged, mergeKey, readKey(change, mergeKey));
		if (index < 0) merged.push(change);
		else merged[index] = mergeObject(merged[index] as Fields, change, field.items ?? {});
	}
	return merged;
}

function isDirective(item: unknown): item is Fields {
	return kindOf(item) === 'object' && Object.hasOwn(item as Fields, directive);
}

function kindOf(value: unknown): string {
	if (Array.isArray(value)) return 'list';
	return value === null ? 'null' : typeof value;
}

function goTypeOf(value: unknown): string {
	if (value === null || value === undefined) return '%!s(<nil>)';
	if (typeof value === 'object') return 'map[string]interface {}';
	if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
	return typeof value === 'boolean' ? 'bool' : 'string';
}

function unknownDirective(patch: Fields): StatusError {
	return unknown(`unknown patch type: ${patch[directive]} in map: ${printGoValue(patch)}`);
}
