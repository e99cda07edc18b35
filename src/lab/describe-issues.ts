/** What a schema has against some data, in words for an author, with what was probably meant. */

import * as z from 'zod';
import type { Schema, SchemaIssue } from '../model/check.ts';
import { findClosest } from '../model/closest.ts';

/** A mistake, where it is in the data. */
export interface PathIssue {
	path: PropertyKey[];
	message: string;
}

/** `prefix`: where `data` stands in the file. */
export function describeIssues(
	issues: readonly SchemaIssue[],
	schema: Schema<unknown>,
	data: unknown,
	prefix: readonly PropertyKey[] = [],
): PathIssue[] {
	return issues.flatMap((issue) => {
		const path = [...prefix, ...issue.path];
		if (issue.code !== 'unrecognized_keys') return [{ path, message: describeIssue(issue, data) }];
		return (issue.keys ?? []).map((key) => ({
			path: [...path, key],
			message: `unknown key ${key}${suggest(key, listKeys(schema))}`,
		}));
	});
}

function describeIssue(issue: SchemaIssue, data: unknown): string {
	const { path } = issue;
	// Of a key that may not stand in a map, only the issue within tells why.
	const { message } = issue.issues?.[0] ?? issue;
	const key = path.findLast((step) => typeof step === 'string');
	if (key === undefined) return message;
	if (message.endsWith('received undefined')) return `${String(key)} is missing`;
	const value = path.reduce((inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step], data);
	const { values } = issue as { values?: unknown[] };
	const meant = typeof value === 'string' ? suggest(value, (values ?? []).map(String)) : '';
	return `${String(key)}: ${message}${meant}`;
}

/** `; did you mean …?`, or nothing. */
export function suggest(word: string, candidates: readonly string[]): string {
	const closest = findClosest(word, candidates);
	return closest === null || closest === word ? '' : `; did you mean ${closest}?`;
}

/** Every key that may stand anywhere in it. */
function listKeys(schema: Schema<unknown>): string[] {
	const keys = new Set<string>();
	const visit = (node: unknown): void => {
		if (typeof node !== 'object' || node === null) return;
		if ('properties' in node) for (const key of Object.keys(node.properties ?? {})) keys.add(key);
		for (const inner of Object.values(node)) visit(inner);
	};
	visit(z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' }));
	return [...keys];
}
