/** One of our own files against its schema, with every mistake and where it is. */

import type * as z from 'zod';
import type { LabIssue } from '../model/lab.ts';
import { type Position, parseOwn } from '../yaml.ts';
import { describeIssues } from './describe-issues.ts';

export interface Inspected<T> {
	/** Null where it is not as the schema wants it. */
	data: T | null;
	issues: LabIssue[];
	positionOf(path: readonly PropertyKey[]): Position;
}

export function inspectOwn<S extends z.ZodType>(file: string, text: string, schema: S): Inspected<z.output<S>> {
	const document = parseOwn(text);
	const issues: LabIssue[] = document.issues.map((issue) => ({ file, ...issue }));
	const read = schema.safeParse(document.data);
	if (document.data !== undefined && !read.success) {
		for (const { path, message } of describeIssues(read.error.issues, schema, document.data)) {
			issues.push({ file, ...document.positionOf(path), message });
		}
	}
	return { data: read.success ? read.data : null, issues, positionOf: document.positionOf };
}
