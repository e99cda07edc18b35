/** Fills in what the API server decides where an object says nothing. */

import type { CustomType } from '../../custom/custom-type.ts';
import { fillDefaults } from '../../custom/defaults.ts';
import { fieldsOf, readGoFields, referenceOf, resolve, type Schema } from '../../schema/index.ts';
import { clusterDefaults } from './cluster.ts';
import { podDefaults } from './pod.ts';
import type { Defaulting, Struct } from './struct.ts';
import { workloadDefaults } from './workload.ts';

/** Last part of a schema's name → what Kubernetes' hand-written defaulting does to such a struct. */
const defaultings: Readonly<Record<string, Defaulting>> = { ...podDefaults, ...workloadDefaults, ...clusterDefaults };

/** Gives back a new object. What is set here counts as said by whoever wrote the object: see recordUpdate. */
export function applyDefaults<T extends object>(type: { schema: string; custom?: CustomType }, object: T): T {
	if (type.custom !== undefined) return fillDefaults(object, type.custom.schema);
	const copy = structuredClone(object);
	fill(copy, { $ref: `#/components/schemas/${type.schema}` });
	return copy;
}

/** Outer structs first, as the generated code does: a Pod's own defaults look at containers that have none yet. */
function fill(value: unknown, schema: Schema): void {
	const { items, additionalProperties, properties } = resolve(schema);
	if (Array.isArray(value)) {
		if (items !== undefined) for (const each of value) fill(each, items);
		return;
	}
	if (value === null || typeof value !== 'object') return;
	if (properties === undefined) {
		if (additionalProperties !== undefined) for (const each of Object.values(value)) fill(each, additionalProperties);
		return;
	}
	fillStruct(value as Struct, referenceOf(schema) ?? '');
	for (const [name, field] of fieldsOf(schema)) {
		const inner = (value as Struct)[name];
		if (inner !== undefined) fill(inner, field);
	}
}

function fillStruct(struct: Struct, schema: string): void {
	defaultings[schema.slice(schema.lastIndexOf('.') + 1)]?.(struct);
	const goFields = readGoFields(schema);
	for (const [name, field] of fieldsOf({ $ref: `#/components/schemas/${schema}` })) {
		const { default: fallback } = field;
		if (fallback === undefined || typeof fallback === 'object' || (struct[name] ?? null) !== null) continue;
		// `default: ""` of a field that is left out when empty is but its type's zero.
		if (fallback || goFields[name]?.isPointer) struct[name] = fallback;
	}
}
