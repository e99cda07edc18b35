/** From what a request says to a custom object: metadata as every kind's, the rest pruned by its definition's schema. */

import { findDuplicates, type JsonNode, toNode, toValue } from '../patch/json-text.ts';
import { readStruct } from '../patch/read-struct.ts';
import type { JsonSchema } from './definition.ts';
import { valuesOf } from './definition.ts';
import { pruneObject } from './prune.ts';

type Fields = Record<string, unknown>;

export interface CustomReading {
	value: Fields;
	/** What metadata cannot be, in Go's words. */
	fault: string | null;
	/** Duplicate and unknown fields. */
	strict: string[];
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** `node`: an object. */
export function readCustom(schema: JsonSchema, node: JsonNode): CustomReading {
	const duplicates = findDuplicates(node);
	const { metadata, ...fields } = toValue(node) as Fields;
	const unknown: string[] = [];
	const read = (found: unknown, path: string): Fields => {
		const { value, fault, strict } = readStruct(meta, toNode(found));
		if (fault !== null) throw new MetadataFault(fault);
		unknown.push(...strict.map((text) => text.replace(/^unknown field "/, `unknown field "${path}.`)));
		return value;
	};
	try {
		const head = metadata === undefined ? {} : { metadata: read(metadata, 'metadata') };
		const { value, unknown: pruned } = pruneObject({ ...fields, ...head }, schema);
		unknown.push(...pruned.map((path) => `unknown field "${path}"`));
		const whole = readEmbedded(value, schema, '', read) as Fields;
		return { value: whole, fault: null, strict: [...duplicates, ...unknown] };
	} catch (error) {
		if (error instanceof MetadataFault) return { value: {}, fault: error.message, strict: [] };
		throw error;
	}
}

class MetadataFault extends Error {}

/** Metadata of the objects within the object. */
function readEmbedded(
	value: unknown,
	schema: JsonSchema | undefined,
	path: string,
	read: (metadata: unknown, path: string) => Fields,
): unknown {
	if (schema === undefined || value === null || typeof value !== 'object') return value;
	if (Array.isArray(value)) return value.map((each, at) => readEmbedded(each, schema.items, `${path}[${at}]`, read));
	const { properties = {} } = schema;
	const values = valuesOf(schema);
	return Object.fromEntries(
		Object.entries(value).map(([name, each]) => {
			const inner = path === '' ? name : `${path}.${name}`;
			if (name === 'metadata' && schema['x-kubernetes-embedded-resource']) return [name, read(each, inner)];
			return [name, readEmbedded(each, Object.hasOwn(properties, name) ? properties[name] : values, inner, read)];
		}),
	);
}
