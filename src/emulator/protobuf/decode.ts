/** Objects that clients send as protobuf, as the JSON that they would otherwise have sent. */

import { formatMicroTime, formatTime } from '../time.ts';
import { findJsonDepthFault, maxDepth } from '../validation/depth.ts';
import { type Field, type FieldType, fieldsOf, messageOf } from './layout.ts';
import { ProtobufError, readBytes, readFields, readNumber, readText } from './wire.ts';

/** `k8s` and a zero. */
const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** `expected`: what it is where it does not say so itself. Throws ProtobufError. */
export function decodeProtobuf(
	body: Uint8Array,
	expected: { apiVersion: string; kind: string },
): Record<string, unknown> {
	if (body.length === 0) throw new ProtobufError('empty data');
	if (!magic.equals(body.subarray(0, 4))) {
		throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
	}
	if (body.length === magic.length) throw new ProtobufError('empty body');
	const envelope = new Map(readFields(body.subarray(4)).map(({ number, value }) => [number, value]));
	const typeMeta = readFields(readBytes(envelope.get(1) ?? new Uint8Array()));
	const textOf = (number: number) => {
		const found = typeMeta.find((field) => field.number === number);
		return found ? readText(found.value) : '';
	};
	const head = { apiVersion: textOf(1) || expected.apiVersion, kind: textOf(2) || expected.kind };
	const message = messageOf(head.apiVersion, head.kind);
	// Whoever expects another kind says what is wrong with it.
	if (message === undefined && head.kind !== expected.kind) return head;
	try {
		if (message === undefined) throw new ProtobufError(`no message is known of ${head.apiVersion} ${head.kind}`);
		return { ...head, ...decodeMessage(message, readBytes(envelope.get(2) ?? new Uint8Array()), maxDepth) };
	} catch (error) {
		if (error instanceof ProtobufError) error.head = head;
		throw error;
	}
}

/** `depth`: how many levels there may be from here on. */
function decodeMessage(message: string, bytes: Uint8Array, depth: number): Record<string, unknown> {
	if (depth === 0) throw new ProtobufError('proto: exceeded max depth');
	const fields = fieldsOf(message);
	const result: Record<string, unknown> = {};
	for (const { number, value } of readFields(bytes)) {
		const field = fields.get(number);
		if (field !== undefined) assign(result, field, value, depth - 1);
	}
	for (const field of fields.values()) {
		if (field.isOmittedWhenEmpty && isZero(result[field.name])) delete result[field.name];
	}
	return result;
}

function assign(
	result: Record<string, unknown>,
	{ name, type }: Field,
	value: bigint | Uint8Array,
	depth: number,
): void {
	if (name === '-' && type.form === 'message') {
		Object.assign(result, decodeMessage(type.message, readBytes(value), depth));
	} else if (type.form === 'repeated') {
		result[name] = [...((result[name] as unknown[] | undefined) ?? []), decodeValue(type.of, value, depth)];
	} else if (type.form === 'map') {
		const entry = new Map(readFields(readBytes(value)).map((field) => [field.number, field.value]));
		const key = readText(entry.get(1) ?? new Uint8Array());
		const item = entry.get(2);
		result[name] = {
			...(result[name] as object | undefined),
			[key]: item === undefined ? '' : decodeValue(type.of, item, depth),
		};
	} else {
		const decoded = decodeValue(type, value, depth);
		if (decoded !== undefined) result[name] = decoded;
	}
}

function decodeValue(type: FieldType, value: bigint | Uint8Array, depth: number): unknown {
	switch (type.form) {
		case 'message':
			return decodeMessage(type.message, readBytes(value), depth);
		case 'list':
			return readFields(readBytes(value)).map((field) => decodeValue(type.of, field.value, depth));
		case 'scalar':
			return decodeScalar(type.scalar, value, depth);
		default:
			throw new ProtobufError('proto: lists do not nest');
	}
}

function decodeScalar(scalar: string, value: bigint | Uint8Array, depth: number): unknown {
	switch (scalar) {
		case 'string':
			return readText(value);
		case 'bytes':
			return Buffer.from(readBytes(value)).toString('base64');
		case 'bool':
			return readNumber(value) !== 0;
		case 'int':
			return readNumber(value);
		case 'double':
			return new Float64Array(BigUint64Array.of(value as bigint).buffer)[0];
		case 'time':
			return readTime(value, formatTime);
		case 'microTime':
			return readTime(value, formatMicroTime);
		case 'duration':
			return `${readNumber(fieldOf(value, 1) ?? 0n) / 1e9}s`;
		case 'quantity':
			return readText(fieldOf(value, 1) ?? new Uint8Array());
		case 'intOrString':
			return readNumber(fieldOf(value, 1) ?? 0n) === 0
				? readNumber(fieldOf(value, 2) ?? 0n)
				: readText(fieldOf(value, 3) ?? new Uint8Array());
		case 'schemaOrSchemas':
			return readEither(value, depth, { schema: 1, lists: 2 });
		case 'schemaOrBool':
			return readEither(value, depth, { schema: 2 }) ?? readNumber(fieldOf(value, 1) ?? 0n) !== 0;
		case 'schemaOrTexts':
			return readEither(value, depth, { schema: 1, texts: 2 });
		case 'raw':
			return readRaw(fieldOf(value, 1));
		default:
			throw new ProtobufError(`proto: no such type: ${scalar}`);
	}
}

const jsonSchema = 'apiextensions.v1.JSONSchemaProps';

/** A schema, or else what stands for one; undefined where there is neither. `numbers`: of their fields. */
function readEither(
	value: bigint | Uint8Array,
	depth: number,
	numbers: { schema: number; lists?: number; texts?: number },
): unknown {
	const fields = readFields(readBytes(value));
	const own = fields.find(({ number }) => number === numbers.schema);
	if (own !== undefined) return decodeMessage(jsonSchema, readBytes(own.value), depth);
	const schemas = fields.filter(({ number }) => number === numbers.lists);
	if (schemas.length > 0) return schemas.map((field) => decodeMessage(jsonSchema, readBytes(field.value), depth));
	const texts = fields.filter(({ number }) => number === numbers.texts);
	return texts.length > 0 ? texts.map((field) => readText(field.value)) : undefined;
}

function fieldOf(message: bigint | Uint8Array, number: number): bigint | Uint8Array | undefined {
	return readFields(readBytes(message)).find((field) => field.number === number)?.value;
}

/** Undefined: Go's zero time. */
function readTime(value: bigint | Uint8Array, format: (date: Date) => string): string | undefined {
	const seconds = fieldOf(value, 1);
	if (seconds === undefined) return undefined;
	const nanos = readNumber(fieldOf(value, 2) ?? 0n);
	const ms = readNumber(seconds) * 1000;
	const text = format(new Date(ms));
	return text.includes('.') ? text.replace(/\.\d+/, `.${String(Math.floor(nanos / 1000)).padStart(6, '0')}`) : text;
}

function readRaw(value: bigint | Uint8Array | undefined): unknown {
	if (value === undefined) return undefined;
	if (findJsonDepthFault(readBytes(value)) !== null) throw new ProtobufError('a raw field exceeds max depth');
	try {
		return JSON.parse(readText(value));
	} catch {
		throw new ProtobufError('a raw field does not hold JSON');
	}
}

function isZero(value: unknown): boolean {
	return value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
}
