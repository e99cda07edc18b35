/** Custom resources in the OpenAPI documents: what `kubectl explain` and client-side validation read. */

import type { ResourceType } from '../resource-type.ts';
import {
	buildOpenApi,
	type DescribedType,
	joinGroupVersion,
	type OpenApiDocument,
	type Schema,
} from '../schema/index.ts';
import type { JsonSchema } from './definition.ts';
import { listCustomTypes, type Source } from './types.ts';

const meta = '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1';

const described = new WeakMap<ResourceType, DescribedType>();

export function describeCustomTypes(source: Source): readonly DescribedType[] {
	return listCustomTypes(source).map((type) => {
		const known = described.get(type) ?? { ...type, schemas: describeSchemas(type) };
		described.set(type, known);
		return known;
	});
}

/** Group versions, and what changes when their documents do. */
export function listCustomDocuments(source: Source): [groupVersion: string, hash: string][] {
	const groupVersions = new Set(listCustomTypes(source).map(joinGroupVersion));
	return [...groupVersions].map((groupVersion) => [groupVersion, customDocumentOf(source, groupVersion)?.hash ?? '']);
}

/** Null: there is no such group version. */
export function customDocumentOf(source: Source, groupVersion: string): OpenApiDocument | null {
	const types = describeCustomTypes(source).filter((type) => joinGroupVersion(type) === groupVersion);
	return types.length === 0 ? null : buildOpenApi(types);
}

function describeSchemas(type: ResourceType): Record<string, Schema> {
	const { group, version, kind, schema, custom } = type;
	const listKind = custom?.listKind ?? `${kind}List`;
	const list = {
		type: 'object',
		required: ['items'],
		properties: {
			apiVersion: { type: 'string' },
			items: { type: 'array', items: { $ref: `#/components/schemas/${schema}` } },
			kind: { type: 'string' },
			metadata: { $ref: `${meta}.ListMeta` },
		},
		'x-kubernetes-group-version-kind': [{ group, version, kind: listKind }],
	} satisfies Schema;
	const own = describeResource(custom?.schema ?? {});
	return {
		[schema]: { ...own, 'x-kubernetes-group-version-kind': [{ group, version, kind }] } as Schema,
		[`${schema}List`]: list,
	};
}

/** Of a schema that names nothing, nothing is said: kubectl would refuse what is not named. */
function describeResource(schema: JsonSchema): JsonSchema {
	const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true && schema.properties === undefined;
	return isOpen || schema.type === undefined
		? { type: 'object', ...(isOpen && { 'x-kubernetes-preserve-unknown-fields': true }) }
		: addHead(describeEmbedded(schema));
}

function describeEmbedded(schema: JsonSchema): JsonSchema {
	const { properties, items, additionalProperties } = schema;
	const inner = {
		...schema,
		...(properties && {
			properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, describeEmbedded(each)])),
		}),
		...(items && { items: describeEmbedded(items) }),
		...(typeof additionalProperties === 'object' && { additionalProperties: describeEmbedded(additionalProperties) }),
	};
	return schema['x-kubernetes-embedded-resource'] ? addHead(inner) : inner;
}

const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

const head = {
	apiVersion: {
		type: 'string',
		description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`,
	},
	kind: {
		type: 'string',
		description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`,
	},
	metadata: {
		description: `Standard object's metadata. More info: ${conventions}#metadata`,
		allOf: [{ $ref: `${meta}.ObjectMeta` }],
	},
};

function addHead(schema: JsonSchema): JsonSchema {
	return { ...schema, properties: { ...schema.properties, ...head } as Record<string, JsonSchema> };
}
