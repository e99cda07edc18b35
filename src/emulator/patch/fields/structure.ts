/** What structured-merge-diff makes of a schema: leaves, structs and maps, lists that are one or have items of their own. */

import { elementSchema, fieldOf, type ListKind, listKindOf, resolve, type Schema } from '../../schema/index.ts';

export type Structure =
	/** A scalar, or a list or map that is owned as one. */
	{ kind: 'leaf' } | { kind: 'list'; list: Exclude<ListKind, { kind: 'atomic' }>; item: Schema } | { kind: 'map' };

/** `values`: what stands there, one of each side; of what no schema names they decide. */
export function structureOf(schema: Schema, ...values: readonly unknown[]): Structure {
	if (isDeduced(schema)) return values.every(isObject) ? { kind: 'map' } : { kind: 'leaf' };
	const target = resolve(schema);
	const mapType = schema['x-kubernetes-map-type'] ?? target['x-kubernetes-map-type'];
	if (target.type === 'array') {
		const list = listKindOf(schema);
		return list.kind === 'atomic' ? { kind: 'leaf' } : { kind: 'list', list, item: elementSchema(schema) };
	}
	// An object of which nothing is known, such as a RawExtension, is owned as one.
	const isMap = target.properties !== undefined || target.additionalProperties !== undefined;
	return isMap && mapType !== 'atomic' ? { kind: 'map' } : { kind: 'leaf' };
}

/** A schema that takes whatever stands there. */
export function isDeduced(schema: Schema): boolean {
	return schema['x-kubernetes-preserve-unknown-fields'] === true;
}

/** Whether the field is named by the schema, rather than one of a map. */
export function isDeclared(schema: Schema, name: string): boolean {
	const { properties } = resolve(schema);
	return properties !== undefined && Object.hasOwn(properties, name);
}

/** The item's name in a set of paths. A key that it lacks has its default. */
export function nameItem({ list, item: schema }: Extract<Structure, { kind: 'list' }>, item: unknown): string {
	if (list.kind === 'set') return `v:${JSON.stringify(item)}`;
	const fields = isObject(item) ? item : {};
	const keys = [...list.keys].sort().flatMap((key) => {
		const value = fields[key] ?? fieldOf(schema, key)?.default;
		return value === undefined ? [] : [[key, value] as const];
	});
	return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function asList(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

export function asFields(value: unknown): Readonly<Record<string, unknown>> {
	return isObject(value) ? value : {};
}

/** `.spec.containers[name="app"].image` */
export function formatPath(path: readonly string[]): string {
	return path.map(formatElement).join('');
}

function formatElement(name: string): string {
	if (name.startsWith('f:')) return `.${name.slice(2)}`;
	if (name.startsWith('i:')) return `[${name.slice(2)}]`;
	if (name.startsWith('v:')) return `[=${name.slice(2)}]`;
	const keys = Object.entries(JSON.parse(name.slice(2)) as Record<string, unknown>);
	return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
