/** Decodes JSON into the types of a schema, as sigs.k8s.io/json does into Go structs, and writes them as Go would. */

import {
	fieldsOf,
	type GoField,
	readGoFields,
	referenceOf,
	resolve,
	type Schema,
	schemaNamed,
} from '../schema/index.ts';
import { findBase64Fault } from './base64-fault.ts';
import { describeConversion } from './conversion-fault.ts';
import { elementOf, nameGoType, nameStruct, type Target } from './go-type.ts';
import { type JsonNode, setField, toValue } from './json-text.ts';
import { isIntegerOf, KindError, ScalarError, scalars } from './scalars.ts';

export interface Reading {
	value: Record<string, unknown>;
	/** The first thing of a wrong type, in Go's words. */
	fault: string | null;
	/** Unknown and duplicate fields, in the order in which they stand. */
	strict: string[];
}

/** How a wrong type is told: by Go's json package, or by apimachinery's conversion of maps, which names no field. */
export type Wording = 'json' | 'conversion';

/** `schema`: the name of a struct's schema. */
export function readStruct(schema: string, node: JsonNode, wording: Wording = 'json'): Reading {
	const decoder = new Decoder(wording);
	const target: Target = { schema: { $ref: `#/components/schemas/${schema}` } };
	try {
		const value = decoder.read(target, node) as Record<string, unknown>;
		return { value, fault: decoder.fault, strict: decoder.strict };
	} catch (error) {
		if (error instanceof ScalarError) return { value: {}, fault: error.message, strict: [] };
		throw error;
	}
}

/** As much as sigs.k8s.io/json reports at most. */
const mostStrictErrors = 100;

class Decoder {
	fault: string | null = null;
	readonly strict: string[] = [];
	/** Of the innermost struct around the value at hand. */
	private struct = '';
	/** Go's path: names of fields and embedded structs, no indexes. */
	private readonly names: string[] = [];
	private path = '';
	private readonly wording: Wording;

	constructor(wording: Wording) {
		this.wording = wording;
	}

	/** Undefined: no value, or one of the wrong type. */
	read(target: Target, node: JsonNode): unknown {
		const name = referenceOf(target.schema);
		const scalar = name === null ? undefined : scalars[name];
		if (scalar !== undefined) return this.readScalar(scalar, node);
		const schema = resolve(target.schema);
		if (name !== null && schema.properties === undefined) return toValue(node);
		if (node.kind === 'null') return undefined;
		if (schema.properties !== undefined && name !== null) return this.readFields(target, name, node);
		if (schema.type === 'array') return this.readList({ ...target, schema }, node);
		if (schema.type === 'object') return this.readMap({ ...target, schema }, node);
		return this.readPlain({ ...target, schema }, node);
	}

	private readScalar(read: (node: JsonNode) => unknown, node: JsonNode): unknown {
		try {
			return read(node) ?? undefined;
		} catch (error) {
			// A type that decodes itself ends the whole decoding, whatever has been found before.
			if (error instanceof KindError) throw new ScalarError(this.describeKind(node, error.goType));
			throw error;
		}
	}

	private readFields(target: Target, schemaName: string, node: JsonNode): unknown {
		if (node.kind !== 'object') return this.refuse(target, node);
		const { properties = {} } = schemaNamed(schemaName);
		const goFields = readGoFields(schemaName);
		const value: Record<string, unknown> = {};
		const seen = new Set<string>();
		const { struct, path } = this;
		for (const [name, each] of node.fields) {
			const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
			this.path = path;
			if (schema === undefined) {
				this.note(`unknown field "${this.join(name)}"`);
				continue;
			}
			if (seen.has(name)) this.note(`duplicate field "${this.join(name)}"`);
			seen.add(name);
			const goField = goFields[name] ?? {};
			const within = goField.within === undefined ? [] : goField.within.split('.');
			this.names.push(...within, name);
			this.struct = nameStruct(schemaName);
			this.path = this.join(name);
			value[name] = this.read({ schema, type: goField.type }, each);
			this.names.length -= within.length + 1;
		}
		this.struct = struct;
		this.path = path;
		return dropEmpty(value, schemaName, goFields);
	}

	private readList(target: Target, node: JsonNode): unknown {
		if (node.kind !== 'array') return this.refuse(target, node);
		const element = elementOf(target);
		const { path } = this;
		const items = node.items.map((each, index) => {
			this.path = `${path}[${index}]`;
			return this.read(element, each) ?? zeroOf(element.schema);
		});
		this.path = path;
		return items;
	}

	private readMap(target: Target, node: JsonNode): unknown {
		if (node.kind !== 'object') return this.refuse(target, node);
		const element = elementOf(target);
		const { path } = this;
		const value: Record<string, unknown> = {};
		for (const [name, each] of node.fields) {
			this.path = path;
			if (Object.hasOwn(value, name)) this.note(`duplicate field "${this.join(name)}"`);
			this.path = this.join(name);
			setField(value, name, this.read(element, each) ?? zeroOf(element.schema));
		}
		this.path = path;
		return value;
	}

	private readPlain(target: Target, node: JsonNode): unknown {
		const { type, format } = target.schema;
		if (type === 'string' && node.kind === 'string') return format === 'byte' ? this.readBytes(node.value) : node.value;
		if (type === 'boolean' && node.kind === 'bool') return node.value;
		if (type === 'number' && node.kind === 'number') return Number(node.text);
		if (type === 'integer' && node.kind === 'number' && isIntegerOf(node.text, format ?? 'int64'))
			return Number(node.text);
		if (type === undefined) return toValue(node);
		return this.refuse(target, node);
	}

	private readBytes(text: string): string {
		const encoded = text.replace(/[\r\n]/g, '');
		const at = findBase64Fault(encoded);
		if (at !== null) this.fault ??= `illegal base64 data at input byte ${at}`;
		return encoded;
	}

	private refuse(target: Target, node: JsonNode): undefined {
		if (this.wording === 'conversion') {
			this.fault ??= describeConversion(target, node);
			return undefined;
		}
		// Go names a number only where the number itself, not its being one, is what does not fit.
		const isInteger = resolve(target.schema).type === 'integer' && node.kind === 'number';
		this.fault ??= this.describeKind(node, nameGoType(target), isInteger);
		return undefined;
	}

	private describeKind(node: JsonNode, goType: string, isNamed = goType === 'int32'): string {
		const what = node.kind === 'number' && isNamed ? `number ${node.text}` : node.kind;
		const isNameless = this.struct === '' || this.wording === 'conversion';
		const where = isNameless ? 'value' : `struct field ${this.struct}.${this.names.join('.')}`;
		return `json: cannot unmarshal ${what} into Go ${where} of type ${goType}`;
	}

	private join(name: string): string {
		return this.path === '' ? name : `${this.path}.${name}`;
	}

	private note(error: string): void {
		if (this.strict.length < mostStrictErrors && !this.strict.includes(error)) this.strict.push(error);
	}
}

/** Empty, and not absent, it asks to forget who owns what. */
const toForget = 'managedFields';

/** What Go's `omitempty` leaves out, and what it writes for values that are not there. */
function dropEmpty(
	value: Record<string, unknown>,
	schemaName: string,
	goFields: Readonly<Record<string, GoField>>,
): Record<string, unknown> {
	for (const [name, schema] of fieldsOf(schemaNamed(schemaName))) {
		const { zero, isPointer = false } = goFields[name] ?? {};
		if (value[name] === undefined) {
			if (zero !== undefined) value[name] = isStructZero(zero) ? zeroOf(schema) : zero;
			else delete value[name];
		} else if (zero === undefined && !isPointer && name !== toForget && isEmpty(value[name], schema))
			delete value[name];
	}
	return value;
}

function isStructZero(zero: unknown): boolean {
	return zero !== null && typeof zero === 'object';
}

/** A struct that is there is never empty. */
function isEmpty(value: unknown, schema: Schema): boolean {
	if (value === 0 || value === '' || value === false) return referenceOf(schema) === null;
	if (Array.isArray(value)) return value.length === 0;
	if (value === null || typeof value !== 'object') return false;
	return referenceOf(schema) === null && Object.keys(value).length === 0;
}

/** An item that is `null`, or a struct that is not there. */
function zeroOf(schema: Schema): unknown {
	const name = referenceOf(schema);
	if (name !== null) {
		const scalar = scalars[name];
		if (scalar !== undefined) return scalar({ kind: 'null' });
		if (schemaNamed(name).properties === undefined) return null;
		return dropEmpty({}, name, readGoFields(name));
	}
	if (schema.type === 'string') return '';
	if (schema.type === 'boolean') return false;
	return schema.type === 'integer' || schema.type === 'number' ? 0 : null;
}
