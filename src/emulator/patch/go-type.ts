/** Names of the Go types behind a schema, as errors of decoding give them. */

import { referenceOf, type Schema } from '../schema/index.ts';

/** Where a value goes: its schema, and its Go type where the schema does not tell. */
export interface Target {
	schema: Schema;
	type?: string | undefined;
}

/** `string`, `int32`, `[]v1.Container`, `map[string]string` */
export function nameGoType({ schema, type }: Target): string {
	if (type !== undefined) return type;
	const reference = referenceOf(schema);
	if (reference !== null) return reference.split('.').slice(-2).join('.');
	if (schema.type === 'array') return `[]${nameGoType({ schema: schema.items ?? {} })}`;
	if (schema.type === 'object') return `map[string]${nameGoType({ schema: schema.additionalProperties ?? {} })}`;
	if (schema.type === 'integer') return schema.format ?? 'int64';
	if (schema.type === 'number') return 'float64';
	if (schema.type === 'boolean') return 'bool';
	return schema.format === 'byte' ? '[]uint8' : 'string';
}

/** An item of a list, or a value of a map. */
export function elementOf({ schema, type }: Target): Target {
	const element = schema.type === 'array' ? schema.items : schema.additionalProperties;
	const named = /^(?:\[\]|map\[[^\]]*\])\*?(.*)$/.exec(type ?? '')?.[1];
	return { schema: element ?? {}, type: named };
}

/** `PodSpec`, of `io.k8s.api.core.v1.PodSpec` */
export function nameStruct(schema: string): string {
	return schema.slice(schema.lastIndexOf('.') + 1);
}
