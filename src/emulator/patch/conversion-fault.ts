/** What is said of a value of the wrong type that no JSON text holds: apimachinery's conversion of maps into structs. */

import { resolve } from '../schema/index.ts';
import { nameGoType, type Target } from './go-type.ts';
import type { JsonNode } from './json-text.ts';

/** As runtime.DefaultUnstructuredConverter: of basic types it tells only those that Go could convert into each other. */
export function describeConversion(target: Target, node: JsonNode): string {
	const schema = resolve(target.schema);
	const name = nameGoType(target);
	const isInteger = node.kind === 'number' && !/[.eE]/.test(node.text);
	const from = node.kind === 'number' ? (isInteger ? 'int64' : 'float64') : node.kind === 'object' ? 'map' : node.kind;
	const kind = from === 'array' ? 'slice' : from;
	if (schema.properties !== undefined) return `cannot restore struct from: ${kind}`;
	if (schema.type === 'array') return `cannot restore slice from ${kind}`;
	if (schema.type === 'object') return `cannot restore map from ${kind}`;
	const isConvertible =
		node.kind === 'number' && schema.type !== 'boolean' && !(schema.type === 'string' && !isInteger);
	if (isConvertible) return `cannot convert ${from} to ${name}`;
	return `unrecognized type: ${schema.type === 'string' ? 'string' : name}`;
}
