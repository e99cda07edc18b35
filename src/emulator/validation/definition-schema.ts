/** The schema in a CustomResourceDefinition: structural, and of what Kubernetes takes of OpenAPI. */

import type { JsonSchema } from '../custom/definition.ts';
import { valuesOf } from '../custom/definition.ts';
import { validateValue } from '../custom/validate-value.ts';
import { describeFieldError, type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';

type Level = 'root' | 'field' | 'item';

export function* validateSchema(schema: JsonSchema, path: string, hasStatus: boolean): Generator<FieldError> {
	if (hasStatus && schema.type !== 'object') {
		const text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
		yield invalid(`${path}.type`, schema.type ?? '', text);
	}
	if (schema.nullable) yield forbidden(`${path}.nullable`, 'nullable cannot be true at the root');
	const structural = [...checkStructure(schema, path, 'root')];
	if (structural.length > 0) yield* sortErrors(structural);
	else yield* checkDefaults(schema, path);
	yield* checkOpenApi(schema, path);
}

/** Maps have no order in Go, so errors are put in one. */
function sortErrors(errors: FieldError[]): FieldError[] {
	const text = describeFieldError;
	return errors.sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function* checkStructure(schema: JsonSchema, path: string, level: Level): Generator<FieldError> {
	const { type = '', items, properties = {}, additionalProperties } = schema;
	const isEither = schema['x-kubernetes-int-or-string'] === true;
	const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
	const isResource = schema['x-kubernetes-embedded-resource'] === true;
	if (type === 'array' && items === undefined) yield required(`${path}.items`, 'must be specified');
	if (items !== undefined) yield* checkStructure(items, `${path}.items`, 'item');
	for (const [name, field] of Object.entries(properties)) {
		yield* checkStructure(field, `${path}.properties[${name}]`, 'field');
	}
	if (additionalProperties !== undefined && level === 'root') {
		yield forbidden(`${path}.additionalProperties`, 'must not be used at the root');
	}
	const values = valuesOf(schema);
	if (values !== undefined) yield* checkStructure(values, `${path}.additionalProperties`, 'field');
	if (isEither && keeps) {
		const text = 'must be false if x-kubernetes-int-or-string is true';
		yield invalid(`${path}.x-kubernetes-preserve-unknown-fields`, true, text);
	}
	yield* checkNestedValues(schema, path, isEither);
	if (level === 'root') yield* checkComplete(schema, schema, path, path);
	if (isResource && type !== 'object') {
		const text = 'must be object if x-kubernetes-embedded-resource is true';
		yield type === '' ? required(`${path}.type`, text) : invalid(`${path}.type`, type, text);
	} else if (type === '' && !isEither && !keeps) yield required(`${path}.type`, emptyType[level]);
	if (level === 'root' && type !== '' && type !== 'object')
		yield invalid(`${path}.type`, type, 'must be object at the root');
	yield* checkHead(schema, path, level === 'root' || isResource);
	if (isResource && !keeps && Object.keys(properties).length === 0) {
		const text =
			'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
		yield required(`${path}.properties`, text);
	}
}

const emptyType: Record<Level, string> = {
	root: 'must not be empty at the root',
	item: 'must not be empty for specified array items',
	field: 'must not be empty for specified object fields',
};

function* checkHead({ properties = {} }: JsonSchema, path: string, isResource: boolean): Generator<FieldError> {
	if (!isResource) return;
	for (const name of ['kind', 'apiVersion']) {
		const type = properties[name]?.type;
		if (type !== undefined && type !== 'string')
			yield invalid(`${path}.properties[${name}].type`, type, 'must be string');
	}
	const { metadata } = properties;
	if (metadata === undefined) return;
	const where = `${path}.properties[metadata]`;
	if (metadata.type !== 'object') yield invalid(`${where}.type`, metadata.type ?? '', 'must be object');
	const names = Object.keys(metadata.properties ?? {});
	if (names.some((name) => name !== 'name' && name !== 'generateName')) {
		const text = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
		yield forbidden(where, text);
	}
}

/** Alternatives restrict values; what there is they must not say. */
function* checkNestedValues(schema: JsonSchema, path: string, isEither: boolean): Generator<FieldError> {
	const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
	const isPair = isEither && JSON.stringify(anyOf) === '[{"type":"integer"},{"type":"string"}]';
	if (!isPair) for (const [at, each] of anyOf.entries()) yield* checkNested(each, `${path}.anyOf[${at}]`);
	for (const [at, each] of allOf.entries()) yield* checkNested(each, `${path}.allOf[${at}]`);
	for (const [at, each] of oneOf.entries()) yield* checkNested(each, `${path}.oneOf[${at}]`);
	if (not !== undefined) yield* checkNested(not, `${path}.not`);
	if (pattern !== undefined && !isExpression(pattern)) {
		const text = `must be a valid regular expression, but isn't: error parsing regexp: ${JSON.stringify(pattern)}`;
		yield invalid(`${path}.pattern`, pattern, text);
	}
}

function isExpression(pattern: string): boolean {
	try {
		return new RegExp(pattern.replace(/^\(\?[ims]+\)/, '')) instanceof RegExp;
	} catch {
		return false;
	}
}

/** Whatever an alternative names must be named outside of it, too. `own`: what stands there; undefined: nothing. */
function* checkComplete(
	schema: JsonSchema,
	own: JsonSchema | undefined,
	path: string,
	ownPath: string,
): Generator<FieldError> {
	const isNested = path !== ownPath;
	if (own === undefined) {
		yield required(ownPath, `because it is defined in ${path}`);
		return;
	}
	for (const [name, field] of Object.entries(schema.properties ?? {})) {
		const step = `.properties[${name}]`;
		yield* checkComplete(field, own.properties?.[name] ?? valuesOf(own), path + step, ownPath + step);
	}
	if (schema.items !== undefined) yield* checkComplete(schema.items, own.items, `${path}.items`, `${ownPath}.items`);
	const values = isNested ? undefined : valuesOf(schema);
	if (values !== undefined) {
		const step = '.additionalProperties';
		yield* checkComplete(values, valuesOf(own), path + step, ownPath + step);
	}
	for (const name of ['allOf', 'anyOf', 'oneOf'] as const) {
		for (const [at, each] of (schema[name] ?? []).entries()) {
			yield* checkComplete(each, own, `${path}.${name}[${at}]`, ownPath);
		}
	}
	if (schema.not !== undefined) yield* checkComplete(schema.not, own, `${path}.not`, ownPath);
}

const nestedTexts = {
	type: 'must be empty to be structural',
	default: 'must be undefined to be structural',
	title: 'must be empty to be structural',
	description: 'must be empty to be structural',
	nullable: 'must be false to be structural',
	additionalProperties: 'must be undefined to be structural',
	'x-kubernetes-preserve-unknown-fields': 'must be false to be structural',
	'x-kubernetes-embedded-resource': 'must be false to be structural',
	'x-kubernetes-int-or-string': 'must be false to be structural',
	'x-kubernetes-list-map-keys': 'must be empty to be structural',
	'x-kubernetes-list-type': 'must be undefined to be structural',
	'x-kubernetes-map-type': 'must be undefined to be structural',
	'x-kubernetes-validations': 'must be empty to be structural',
};

function* checkNested(schema: JsonSchema, path: string): Generator<FieldError> {
	yield* checkNestedValues(schema, path, false);
	if (schema.items !== undefined) yield* checkNested(schema.items, `${path}.items`);
	for (const [name, field] of Object.entries(schema.properties ?? {})) {
		yield* checkNested(field, `${path}.properties[${name}]`);
	}
	for (const [name, text] of Object.entries(nestedTexts)) {
		if ((schema as Record<string, unknown>)[name]) yield forbidden(`${path}.${name}`, text);
	}
	if (schema.properties?.['metadata'] !== undefined) {
		yield forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context');
	}
}

/** A default must be what its own schema allows. */
function* checkDefaults(schema: JsonSchema, path: string): Generator<FieldError> {
	const { default: fallback, items, properties = {} } = schema;
	if (fallback !== undefined) {
		for (const error of validateValue(fallback, schema, '')) {
			yield { ...error, field: `${path}.default${error.field === '<nil>' ? '' : `.${error.field}`}` };
		}
	}
	if (items !== undefined) yield* checkDefaults(items, `${path}.items`);
	for (const [name, field] of Object.entries(properties)) yield* checkDefaults(field, `${path}.properties[${name}]`);
	const values = valuesOf(schema);
	if (values !== undefined) yield* checkDefaults(values, `${path}.additionalProperties`);
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const unknownHere = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'];

function* checkOpenApi(schema: JsonSchema, path: string): Generator<FieldError> {
	const { type = '', items, properties = {}, additionalProperties, uniqueItems } = schema;
	if (type !== '' && !types.includes(type)) yield unsupported(`${path}.type`, type, types);
	for (const name of unknownHere) {
		if ((schema as Record<string, unknown>)[name]) yield forbidden(`${path}.${name}`, `${name} is not supported`);
	}
	if (Array.isArray(items)) yield forbidden(`${path}.items`, 'items must be a schema object and not an array');
	if (uniqueItems) {
		const text = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
		yield forbidden(`${path}.uniqueItems`, text);
	}
	if (additionalProperties !== undefined && additionalProperties !== true && Object.keys(properties).length > 0) {
		yield forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive');
	}
	const values = valuesOf(schema);
	if (values !== undefined) yield* checkOpenApi(values, `${path}.additionalProperties`);
	for (const [name, field] of Object.entries(properties)) yield* checkOpenApi(field, `${path}.properties[${name}]`);
	for (const name of ['allOf', 'oneOf', 'anyOf'] as const) {
		for (const [at, each] of (schema[name] ?? []).entries()) yield* checkOpenApi(each, `${path}.${name}[${at}]`);
	}
	if (items !== undefined && !Array.isArray(items)) yield* checkOpenApi(items, `${path}.items`);
	yield* checkListType(schema, path);
}

function* checkListType(schema: JsonSchema, path: string): Generator<FieldError> {
	const { type = '', items } = schema;
	const mapType: string | undefined = schema['x-kubernetes-map-type'];
	const listType: string | undefined = schema['x-kubernetes-list-type'];
	const keys = schema['x-kubernetes-list-map-keys'] ?? [];
	if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
		yield invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined');
	}
	if (mapType !== undefined && type !== 'object') {
		const text = 'must be object if x-kubernetes-map-type is specified';
		yield type === '' ? required(`${path}.type`, text) : invalid(`${path}.type`, type, text);
	}
	if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular') {
		yield unsupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']);
	}
	if (listType !== undefined && type !== 'array') {
		const text = 'must be array if x-kubernetes-list-type is specified';
		yield type === '' ? required(`${path}.type`, text) : invalid(`${path}.type`, type, text);
	} else if (listType === 'set') yield* checkSetItems(items, path);
	if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) {
		yield unsupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']);
	}
	if (keys.length > 0 && listType !== 'map') {
		const text = 'must be map if x-kubernetes-list-map-keys is non-empty';
		const field = `${path}.x-kubernetes-list-type`;
		yield listType === undefined ? required(field, text) : invalid(field, listType, text);
	}
	if (listType === 'map') yield* checkKeys(schema, keys, path);
}

function* checkSetItems(items: JsonSchema | undefined, path: string): Generator<FieldError> {
	const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
	const { type } = items ?? {};
	const listType = items?.['x-kubernetes-list-type'] ?? null;
	if (type === 'array' && listType !== null && listType !== 'atomic') {
		yield invalid(`${path}.items.x-kubernetes-list-type`, listType, text);
	}
	if (type === 'object' && items?.['x-kubernetes-map-type'] !== 'atomic') {
		yield invalid(`${path}.items.x-kubernetes-map-type`, listType, text);
	}
	if (items?.nullable)
		yield forbidden(`${path}.items.nullable`, 'cannot be nullable when x-kubernetes-list-type is set');
}

function* checkKeys({ items }: JsonSchema, keys: readonly string[], path: string): Generator<FieldError> {
	const field = `${path}.x-kubernetes-list-map-keys`;
	if (keys.length === 0) yield required(field, 'must not be empty if x-kubernetes-list-type is map');
	if (items === undefined) {
		yield required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map');
		return;
	}
	if (items.type !== 'object') {
		const text = "must be object if parent array's x-kubernetes-list-type is map";
		yield invalid(`${path}.items.type`, items.type ?? '', text);
		return;
	}
	for (const [at, key] of keys.entries()) {
		const property = items.properties?.[key];
		if (property === undefined) yield invalid(field, keys, 'entries must all be names of item properties');
		else if (property.type === 'array' || property.type === 'object') {
			const text = "must be a scalar type if parent array's x-kubernetes-list-type is map";
			yield invalid(`${path}.items.properties[${key}].type`, items.type, text);
		}
		if (keys.indexOf(key) < at) yield invalid(field, keys, 'must not contain duplicate entries');
	}
	if (items.nullable)
		yield forbidden(`${path}.items.nullable`, 'cannot be nullable when x-kubernetes-list-type is map');
	for (const key of keys) {
		const property = items.properties?.[key];
		const where = `${path}.items.properties[${key}]`;
		const what = 'this property is in x-kubernetes-list-map-keys, so it';
		if (property !== undefined && !items.required?.includes(key) && property.default === undefined) {
			yield required(`${where}.default`, `${what} must have a default or be a required property`);
		}
		if (property?.nullable) yield forbidden(`${where}.nullable`, `${what} cannot be nullable`);
	}
}
