/** What was recorded from a real API server, read from the folder that ships with the package, each file when first needed. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackageFolder } from '../../package-root.ts';
import type { Schema } from './schema.ts';

export interface RecordedColumn {
	name: string;
	type: string;
	format: string;
	/** 0, or 1 for those that only a wide table shows. */
	priority: number;
}

/** An entry of an APIResourceList, with what belongs to it. Subresources are named `pods/status`. */
export interface RecordedResource {
	name: string;
	singularName: string;
	namespaced: boolean;
	group?: string;
	version?: string;
	kind: string;
	verbs: string[];
	shortNames?: string[];
	categories?: string[];
	storageVersionHash?: string;
	schema?: string;
	columns?: RecordedColumn[];
}

export interface RecordedGroupVersion {
	groupVersion: string;
	resources: RecordedResource[];
}

const files = new Map<string, unknown>();
const schemas = new Map<string, Schema | null>();

/** In the order in which the server lists them. */
export function readResources(): readonly RecordedGroupVersion[] {
	return read('resources.json') as RecordedGroupVersion[];
}

/** What `/version` answers. */
export function readVersion(): Readonly<Record<string, string>> {
	return read('version.json') as Record<string, string>;
}

/** What a schema does not tell of the Go field behind it. */
export interface GoField {
	/** Absent where the schema's type says it. */
	type?: string;
	/** Names of the embedded structs that hold it, which errors of decoding name too. */
	within?: string;
	/** What is written where there is no value; absent where nothing is. */
	zero?: unknown;
	/** It is written though it be 0, false or empty, if it was given. */
	isPointer?: true;
}

/** Of the schema of that name: field → what Go knows of it. */
export function readGoFields(schema: string): Readonly<Record<string, GoField>> {
	const fields = read('go-fields.json') as Record<string, Record<string, GoField>>;
	return fields[schema] ?? {};
}

/** `io.k8s.api.core.v1.Pod`; null where there is none of that name. */
export function readSchema(name: string): Schema | null {
	const known = schemas.get(name);
	if (known !== undefined) return known;
	const at = name.lastIndexOf('.');
	const file = read(`schemas/${name.slice(0, at)}.json`) as Record<string, Schema> | null;
	const schema = file?.[name.slice(at + 1)] ?? null;
	schemas.set(name, schema);
	return schema;
}

function read(name: string): unknown {
	let content = files.get(name);
	if (content === undefined) {
		const path = join(findPackageFolder('api-schema'), name);
		content = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
		files.set(name, content);
	}
	return content;
}
