/** Walking the recorded schemas: what a field holds, how its list is keyed, how a patch merges it. */

import { readSchema } from './recording.ts';

/** An OpenAPI v3 schema as Kubernetes publishes it, without its prose. */
export interface Schema {
	type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
	format?: string;
	properties?: Record<string, Schema>;
	required?: string[];
	items?: Schema;
	additionalProperties?: Schema;
	enum?: string[];
	default?: unknown;
	$ref?: string;
	/** One reference, where the field adds something to it. */
	allOf?: Schema[];
	oneOf?: Schema[];
	'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
	'x-kubernetes-list-map-keys'?: string[];
	/** Whatever stands there: only of custom resources. */
	'x-kubernetes-preserve-unknown-fields'?: true;
	'x-kubernetes-map-type'?: 'atomic' | 'granular';
	'x-kubernetes-patch-merge-key'?: string;
	'x-kubernetes-patch-strategy'?: string;
	'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

export const refPrefix = '#/components/schemas/';

/** The schema of that name; an empty one, which allows everything, where nothing is recorded. */
export function schemaNamed(name: string): Schema {
	return readSchema(name) ?? {};
}

/** Name of the schema that this one refers to; null for one that is written out. */
export function referenceOf(schema: Schema): string | null {
	const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
	return ref === undefined ? null : ref.slice(refPrefix.length);
}

/** What this schema says by itself or by reference. What stands beside a reference, such as patch keys, is left out. */
export function resolve(schema: Schema): Schema {
	const name = referenceOf(schema);
	return name === null ? schema : schemaNamed(name);
}

/** The schema of a field, of an object with named ones or a map; null where there is no such field. */
export function fieldOf(schema: Schema, name: string): Schema | null {
	const { properties, additionalProperties } = resolve(schema);
	if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name] ?? null;
	return additionalProperties ?? null;
}

/** The schema of the items of a list. */
export function elementSchema(schema: Schema): Schema {
	return resolve(schema).items ?? {};
}

const fields = new WeakMap<Schema, readonly [string, Schema][]>();

/** Names and schemas of the fields of a struct; a map has none. */
export function fieldsOf(schema: Schema): readonly [string, Schema][] {
	const target = resolve(schema);
	const known = fields.get(target) ?? Object.entries(target.properties ?? {});
	fields.set(target, known);
	return known;
}

export type ListKind = { kind: 'atomic' } | { kind: 'set' } | { kind: 'map'; keys: readonly string[] };

/** A list is replaced as one, unless its field says otherwise. */
export function listKindOf(schema: Schema): ListKind {
	const kind = schema['x-kubernetes-list-type'];
	if (kind === 'set') return { kind };
	if (kind === 'map') return { kind, keys: schema['x-kubernetes-list-map-keys'] ?? [] };
	return { kind: 'atomic' };
}

export interface PatchMeta {
	/** `merge`, `retainKeys`, `replace`: at most two of them. */
	strategies: readonly string[];
	mergeKey: string | null;
}

/** How a strategic merge patch treats a field. */
export function patchMetaOf(schema: Schema): PatchMeta {
	return {
		strategies: schema['x-kubernetes-patch-strategy']?.split(',') ?? [],
		mergeKey: schema['x-kubernetes-patch-merge-key'] ?? null,
	};
}
