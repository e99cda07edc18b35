/** Items that stand twice in lists that are sets, or maps by their keys (apiextensions-apiserver, schema/listtype). */

import { duplicate, type FieldError, invalid } from '../validation/field-error.ts';
import type { JsonSchema } from './definition.ts';
import { valuesOf } from './definition.ts';

export function findListFaults(value: unknown, schema: JsonSchema | undefined, path = ''): FieldError[] {
	if (schema === undefined || value === null || typeof value !== 'object') return [];
	if (Array.isArray(value)) return checkList(value, schema, path);
	const { properties = {} } = schema;
	const values = valuesOf(schema);
	return Object.entries(value).flatMap(([name, each]) => {
		if (Object.hasOwn(properties, name))
			return findListFaults(each, properties[name], path === '' ? name : `${path}.${name}`);
		return findListFaults(each, values, `${path}[${name}]`);
	});
}

function checkList(list: readonly unknown[], schema: JsonSchema, path: string): FieldError[] {
	const type = schema['x-kubernetes-list-type'];
	const own = type === 'set' ? checkSet(list, path) : type === 'map' ? checkMap(list, schema, path) : [];
	return [...own, ...list.flatMap((each, at) => findListFaults(each, schema.items, `${path}[${at}]`))];
}

function checkSet(list: readonly unknown[], path: string): FieldError[] {
	return findRepeated(list).map((at) => duplicate(`${path}[${at}]`, list[at]));
}

function checkMap(list: readonly unknown[], schema: JsonSchema, path: string): FieldError[] {
	const stranger = list.findIndex((each) => typeof each !== 'object' || Array.isArray(each));
	if (stranger >= 0) {
		return [invalid(`${path}[${stranger}]`, list[stranger], 'must be an object for an array of list-type map')];
	}
	const names = schema['x-kubernetes-list-map-keys'] ?? [];
	const keys = list.map((each) => {
		const fields = (each ?? {}) as Record<string, unknown>;
		return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(fields, name) ? [[name, fields[name]]] : [])));
	});
	return findRepeated(keys).map((at) => duplicate(`${path}[${at}]`, keys[at]));
}

/** The second of each. */
function findRepeated(list: readonly unknown[]): number[] {
	const counts = new Map<string, number>();
	return list.flatMap((each, at) => {
		const text = JSON.stringify(each);
		const count = (counts.get(text) ?? 0) + 1;
		counts.set(text, count);
		return count === 2 ? [at] : [];
	});
}
