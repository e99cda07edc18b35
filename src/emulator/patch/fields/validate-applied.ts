/** What an applied object must be before it can be merged: of the schema's kinds, and without items that are there twice. */

import { fieldOf, resolve, type Schema } from '../../schema/index.ts';
import { printGoSyntax, printGoValue } from '../go-print.ts';
import { asFields, formatPath, isDeclared, isDeduced, isObject, nameItem, structureOf } from './structure.ts';

/** In the words of structured-merge-diff; each begins with the path. */
export function findFaults(value: unknown, schema: Schema, path: readonly string[] = []): string[] {
	if (value === null || isDeduced(schema)) return [];
	const target = resolve(schema);
	if (target.type === 'array') return findListFaults(value, schema, path);
	if (target.type === 'object' || target.properties !== undefined) return findMapFaults(value, schema, path);
	const fault = findScalarFault(value, target);
	return fault === null ? [] : [`${formatPath(path)}: ${fault}`];
}

function findScalarFault(value: unknown, schema: Schema): string | null {
	const isNumber = typeof value === 'number';
	if (schema.type === 'string' && typeof value !== 'string') return `expected string, got ${printPointer(value)}`;
	if (schema.type === 'boolean' && typeof value !== 'boolean')
		return `expected boolean, got ${printPointer(value, false)}`;
	if ((schema.type === 'integer' || schema.type === 'number') && !isNumber) {
		return `expected numeric (int or float), got ${kindOf(value)}`;
	}
	return null;
}

function findListFaults(value: unknown, schema: Schema, path: readonly string[]): string[] {
	if (!Array.isArray(value)) return [`${formatPath(path)}: expected list, got ${printPointer(value, false)}`];
	const structure = structureOf(schema);
	if (structure.kind !== 'list') {
		const item = resolve(schema).items ?? {};
		return value.flatMap((each, index) => findFaults(each, item, [...path, `i:${index}`]));
	}
	const seen = new Set<string>();
	return value.flatMap((item) => {
		const name = nameItem(structure, item);
		if (seen.has(name)) return [`${formatPath(path)}: duplicate entries for key ${formatPath([name])}`];
		seen.add(name);
		return findFaults(item, structure.item, [...path, name]);
	});
}

function findMapFaults(value: unknown, schema: Schema, path: readonly string[]): string[] {
	if (!isObject(value)) return [`${formatPath(path)}: expected map, got ${printPointer(value, false)}`];
	const { properties, additionalProperties } = resolve(schema);
	let isFirst = true;
	return Object.entries(asFields(value)).flatMap(([name, each]) => {
		const inner = [...path, `f:${name}`];
		if (properties !== undefined && additionalProperties === undefined && !isDeclared(schema, name)) {
			// Of several in one object only one is reported.
			if (!isFirst) return [];
			isFirst = false;
			return [`${formatPath(inner)}: field not declared in schema`];
		}
		return findFaults(each, fieldOf(schema, name) ?? {}, inner);
	});
}

function kindOf(value: unknown): string {
	if (typeof value === 'boolean') return 'bool';
	return isObject(value) ? 'map' : Array.isArray(value) ? 'list' : 'string';
}

/** Go prints the pointer that structured-merge-diff hands it. */
function printPointer(value: unknown, hasType = true): string {
	const text = hasType ? printGoSyntax(value) : printGoValue(value);
	return hasType ? `&value.valueUnstructured{Value:${text}}` : `&{${text}}`;
}
