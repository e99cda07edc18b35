/** Takes out of a custom object what its schema does not name (apiextensions-apiserver, schema/pruning). */

import type { JsonSchema } from './definition.ts';
import { valuesOf } from './definition.ts';

type Fields = Record<string, unknown>;

/** Stand in every object, whatever its schema says. */
const own = new Set(['apiVersion', 'kind', 'metadata']);

export interface Pruned {
	value: Fields;
	/** Paths of what was taken out, sorted: `spec.list[0].name` */
	unknown: string[];
}

/** `object`: whole. Gives back a new one. */
export function pruneObject(object: Fields, schema: JsonSchema): Pruned {
	const unknown: string[] = [];
	const value = prune(object, { ...schema, 'x-kubernetes-embedded-resource': true }, '', unknown) as Fields;
	return { value: dropNulls(value, schema) as Fields, unknown: unknown.sort() };
}

/** `schema` undefined: nothing is known there. */
function prune(value: unknown, schema: JsonSchema | undefined, path: string, unknown: string[]): unknown {
	if (Array.isArray(value)) return value.map((each, at) => prune(each, schema?.items, `${path}[${at}]`, unknown));
	if (value === null || typeof value !== 'object') return value;
	const keeps = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
	const isResource = schema?.['x-kubernetes-embedded-resource'] === true;
	const kept = Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
		if (isResource && own.has(name)) return [[name, each]];
		const inner = path === '' ? name : `${path}.${name}`;
		const field = schema && fieldOf(schema, name);
		if (field !== undefined) return [[name, field === true ? each : prune(each, field, inner, unknown)]];
		if (keeps) return [[name, each]];
		if (path !== '' || !own.has(name)) unknown.push(inner);
		return [];
	});
	return Object.fromEntries(kept);
}

/** True: whatever it is. */
function fieldOf(schema: JsonSchema, name: string): JsonSchema | true | undefined {
	const { properties, additionalProperties } = schema;
	if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
	return additionalProperties === true ? true : valuesOf(schema);
}

/** A null that is neither allowed nor stands for a default is as good as nothing. */
function dropNulls(value: unknown, schema: JsonSchema | undefined): unknown {
	if (Array.isArray(value)) return value.map((each) => dropNulls(each, schema?.items));
	if (value === null || typeof value !== 'object') return value;
	const kept = Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
		const found = schema && fieldOf(schema, name);
		const field = found === true ? undefined : found;
		const isVoid = each === null && field !== undefined && !field.nullable && field.default === undefined;
		return isVoid ? [] : [[name, dropNulls(each, field)]];
	});
	return Object.fromEntries(kept);
}
