/** What a schema finds wrong with a value, in the words and the order of kube-openapi's validation. */

import { isEqual } from '../patch/json-patch.ts';
import { type FieldError, invalid, required, tooLong, tooMany, unsupported } from '../validation/field-error.ts';
import type { JsonSchema } from './definition.ts';
import { valuesOf } from './definition.ts';
import { isFormat, knownFormats } from './formats.ts';

/** `old`: what stood there before; what has not changed is not held to the schema again. Undefined: nothing. */
export function validateValue(value: unknown, schema: JsonSchema, path: string, old?: unknown): FieldError[] {
	if (old !== undefined && isEqual(value, old)) return [];
	if (value === null) return [...checkType(value, schema, path), ...checkEnum(value, schema, path)];
	const typeFaults = checkType(value, schema, path);
	return [
		...typeFaults,
		...checkAlternatives(value, schema, path, old),
		...(typeof value === 'string' ? checkString(value, schema, path) : []),
		...(typeof value === 'string' ? checkFormat(value, schema, path) : []),
		...(typeof value === 'number' ? checkNumber(value, schema, path) : []),
		...(Array.isArray(value) ? checkList(value, schema, path, old) : []),
		...checkEnum(value, schema, path),
		...(isFields(value) ? checkFields(value, schema, path, old) : []),
	];
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
	return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function checkType(value: unknown, schema: JsonSchema, path: string): FieldError[] {
	const isEither = schema['x-kubernetes-int-or-string'] === true;
	const types = isEither ? ['integer', 'string'] : schema.type ? [schema.type] : [];
	const { format = '', nullable = false } = schema;
	if (types.length === 0) return [];
	if (value === null) return nullable ? [] : [typeFault(path, types.join(','), null)];
	const actual = typeOf(value);
	const isNumeric = types.includes('number') || types.includes('integer');
	// A text of a format is looked at by its format alone.
	if (!isNumeric && knownFormats.has(format) && (typeof value === 'string' || Array.isArray(value))) return [];
	const fits = types.includes(actual) || (actual === 'integer' && types.includes('number'));
	return fits ? [] : [typeFault(path, types.join(','), value)];
}

function typeOf(value: unknown): string {
	if (Array.isArray(value)) return 'array';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
	return typeof value;
}

/** Where nothing is, its type is told: `null`. */
function typeFault(path: string, type: string, value: unknown): FieldError {
	const shown = value === null ? 'null' : typeOf(value);
	return invalid(fieldOf(path), shown, `${path} in body must be of type ${type}: ${JSON.stringify(shown)}`);
}

/** The whole object has no name, and a field error none that is empty. */
function fieldOf(path: string): string {
	return path === '' ? '<nil>' : path;
}

function checkAlternatives(value: unknown, schema: JsonSchema, path: string, old: unknown): FieldError[] {
	const { anyOf = [], oneOf = [], allOf = [], not } = schema;
	const say = (text: string) => invalid('<nil>', '', `${JSON.stringify(path)} ${text}`);
	const tries = (schemas: readonly JsonSchema[]) => schemas.map((each) => validateValue(value, each, path, old));
	const faults: FieldError[] = [];
	const any = tries(anyOf);
	if (any.length > 0 && any.every(hasSome)) {
		faults.push(say('must validate at least one schema (anyOf)'), ...leastOf(any));
	}
	const one = tries(oneOf);
	const valid = one.filter((each) => !hasSome(each)).length;
	if (one.length > 0 && valid !== 1) {
		const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
		faults.push(say(`must validate one and only one schema (oneOf). ${found}`), ...(valid === 0 ? leastOf(one) : []));
	}
	const all = tries(allOf);
	if (all.some(hasSome)) {
		const none = all.every(hasSome) ? '. None validated' : '';
		faults.push(...all.flat(), say(`must validate all the schemas (allOf)${none}`));
	}
	if (not !== undefined && !hasSome(validateValue(value, not, path, old))) {
		faults.push(say('must not validate the schema (not)'));
	}
	return faults;
}

function hasSome(faults: readonly FieldError[]): boolean {
	return faults.length > 0;
}

function leastOf(tried: readonly FieldError[][]): FieldError[] {
	return tried.reduce((best, each) => (each.length < best.length ? each : best));
}

/** The first fault alone is told. */
function checkString(value: string, { maxLength, minLength, pattern }: JsonSchema, path: string): FieldError[] {
	const length = [...value].length;
	if (maxLength !== undefined && length > maxLength) return [tooLong(fieldOf(path), maxLength)];
	if (minLength !== undefined && length < minLength) {
		return [invalid(fieldOf(path), value, `${path} in body should be at least ${minLength} chars long`)];
	}
	if (!pattern || matches(pattern, value)) return [];
	return [invalid(fieldOf(path), value, `${path} in body should match '${pattern}'`)];
}

/** Go's syntax; what only Go knows, such as `(?i)` within, matches nothing that we could tell. */
function matches(pattern: string, value: string): boolean {
	const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
	try {
		return new RegExp(rest.replaceAll('\\A', '^').replaceAll('\\z', '$'), `u${flags}`).test(value);
	} catch {
		return true;
	}
}

function checkFormat(value: string, { format = '' }: JsonSchema, path: string): FieldError[] {
	if (!knownFormats.has(format) || isFormat(format, value)) return [];
	return [invalid(fieldOf(path), value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`)];
}

function checkNumber(value: number, schema: JsonSchema, path: string): FieldError[] {
	const { maximum, exclusiveMaximum = false, minimum, exclusiveMinimum = false, multipleOf } = schema;
	const fault = (text: string) => invalid(fieldOf(path), value, `${path} in body should be ${text}`);
	const faults: FieldError[] = [];
	if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
		faults.push(fault(`a multiple of ${multipleOf}`));
	}
	if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
		faults.push(fault(exclusiveMaximum ? `less than ${maximum}` : `less than or equal to ${maximum}`));
	}
	if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
		faults.push(fault(exclusiveMinimum ? `greater than ${minimum}` : `greater than or equal to ${minimum}`));
	}
	return faults;
}

function checkList(list: readonly unknown[], schema: JsonSchema, path: string, old: unknown): FieldError[] {
	const { items, minItems, maxItems, uniqueItems = false } = schema;
	const before = pairItems(schema, old);
	const faults = items ? list.flatMap((each, at) => validateValue(each, items, `${path}[${at}]`, before(each))) : [];
	if (minItems !== undefined && list.length < minItems) {
		faults.push(invalid(fieldOf(path), list.length, `${path} in body should have at least ${minItems} items`));
	}
	if (maxItems !== undefined && list.length > maxItems) faults.push(tooMany(fieldOf(path), list.length, maxItems));
	if (uniqueItems && list.some((each, at) => list.slice(0, at).some((other) => isEqual(each, other)))) {
		faults.push(invalid(fieldOf(path), '', `${path} in body shouldn't contain duplicates`));
	}
	return faults;
}

/** Only items that have keys can be told to be the same as before. */
function pairItems(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
	const keys = schema['x-kubernetes-list-map-keys'] ?? [];
	if (!Array.isArray(old) || schema['x-kubernetes-list-type'] !== 'map') return () => undefined;
	return (item) =>
		old.find((each) => isFields(each) && isFields(item) && keys.every((key) => isEqual(each[key], item[key])));
}

function checkEnum(value: unknown, schema: JsonSchema, path: string): FieldError[] {
	const { enum: allowed, nullable = false } = schema;
	if (allowed === undefined || allowed.length === 0 || allowed.some((each) => isEqual(each, value))) return [];
	if (value === null && nullable && allowed.includes(null)) return [];
	const texts = allowed.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
	return [unsupported(fieldOf(path), value, texts)];
}

function checkFields(value: Fields, schema: JsonSchema, path: string, old: unknown): FieldError[] {
	const { properties = {}, required: needed = [], minProperties, maxProperties } = schema;
	const values = valuesOf(schema);
	const count = Object.keys(value).length;
	const before = (name: string) => (isFields(old) ? old[name] : undefined);
	const inner = (name: string) => (path === '' ? name : `${path}.${name}`);
	const faults: FieldError[] = [];
	if (minProperties !== undefined && count < minProperties) {
		faults.push(invalid(fieldOf(path), count, `${path} in body should have at least ${minProperties} properties`));
	}
	if (maxProperties !== undefined && count > maxProperties) faults.push(tooMany(fieldOf(path), count, maxProperties));
	for (const [name, each] of Object.entries(value)) {
		if (values === undefined || Object.hasOwn(properties, name)) continue;
		faults.push(...validateValue(each, values, inner(name), before(name)));
	}
	for (const [name, field] of Object.entries(properties)) {
		if (!Object.hasOwn(value, name)) continue;
		faults.push(...validateValue(value[name], field, inner(name), before(name)));
	}
	for (const name of needed) if (!Object.hasOwn(value, name)) faults.push(required(inner(name)));
	return faults;
}
