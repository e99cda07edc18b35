/** The schema of a custom resource, as server-side apply reads schemas: what is a list of which kind, what is owned as one. */

import type { Schema } from '../schema/index.ts';
import type { JsonSchema } from './definition.ts';

const meta = '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** Of fields that the schema does not name: maps are merged, everything else is owned as one. */
const deduced: Schema = { 'x-kubernetes-preserve-unknown-fields': true };
deduced.additionalProperties = deduced;

export function typeSchema(schema: JsonSchema): Schema {
	return typeObject(schema, true);
}

function typeObject(schema: JsonSchema, isResource: boolean): Schema {
	const values = typeValues(schema);
	const properties = {
		...mapValues(schema.properties ?? {}, typeField),
		...(isResource && { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { $ref: meta } }),
	} satisfies Record<string, Schema>;
	const mapType = schema['x-kubernetes-map-type'];
	return {
		type: 'object',
		...((Object.keys(properties).length > 0 || values === undefined) && { properties }),
		...(values !== undefined && { additionalProperties: values }),
		...(mapType !== undefined && { 'x-kubernetes-map-type': mapType }),
	};
}

function typeField(schema: JsonSchema): Schema {
	const { type, format, default: fallback, items } = schema;
	const keys = schema['x-kubernetes-list-map-keys'];
	const listType = schema['x-kubernetes-list-type'];
	const common = fallback === undefined ? {} : { default: fallback };
	if (type === 'object') return { ...common, ...typeObject(schema, schema['x-kubernetes-embedded-resource'] ?? false) };
	if (type === 'array') {
		return {
			...common,
			type,
			...(items !== undefined && { items: typeField(items) }),
			...(listType !== undefined && { 'x-kubernetes-list-type': listType }),
			...(keys !== undefined && { 'x-kubernetes-list-map-keys': keys }),
		};
	}
	if (type === undefined) return schema['x-kubernetes-preserve-unknown-fields'] ? deduced : common;
	return { ...common, type: type as 'string', ...(format !== undefined && { format }) };
}

function typeValues({ additionalProperties, ...schema }: JsonSchema): Schema | undefined {
	if (typeof additionalProperties === 'object') return typeField(additionalProperties);
	return additionalProperties || schema['x-kubernetes-preserve-unknown-fields'] ? deduced : undefined;
}

function mapValues<T, U>(values: Record<string, T>, change: (value: T) => U): Record<string, U> {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
