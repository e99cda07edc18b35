/** Fills in the defaults that a definition's schema gives (apiextensions-apiserver, schema/defaulting). */

import { type JsonSchema, valuesOf } from './definition.ts';

/** Gives back a new value. */
export function fillDefaults<T>(value: T, schema: JsonSchema | undefined): T {
	return fill(value, schema) as T;
}

function fill(value: unknown, schema: JsonSchema | undefined): unknown {
	if (schema === undefined) return value;
	if (Array.isArray(value)) return value.map((each) => fill(replaceNull(each, schema.items), schema.items));
	if (value === null || typeof value !== 'object') return value;
	const { properties = {} } = schema;
	const values = valuesOf(schema);
	const fields: Record<string, unknown> = { ...value };
	for (const [name, field] of Object.entries(properties)) {
		if (field.default === undefined) continue;
		if (!Object.hasOwn(fields, name) || isVoid(fields[name], field)) fields[name] = structuredClone(field.default);
	}
	for (const [name, each] of Object.entries(fields)) {
		const field = Object.hasOwn(properties, name) ? properties[name] : values;
		fields[name] = fill(Object.hasOwn(properties, name) ? each : replaceNull(each, values), field);
	}
	return fields;
}

function replaceNull(value: unknown, schema: JsonSchema | undefined): unknown {
	return schema !== undefined && isVoid(value, schema) ? (structuredClone(schema.default) ?? null) : value;
}

function isVoid(value: unknown, { nullable = false }: JsonSchema): boolean {
	return value === null && !nullable;
}
