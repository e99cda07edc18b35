/** How server-side apply by kubectl takes over from its older, client-side apply: by the annotation that this leaves. */

import type { KubeObject } from '../../object.ts';
import type { Schema } from '../../schema/index.ts';
import { compare } from './compare.ts';
import { fieldSetOf } from './field-set.ts';
import { emptyTree, subtract, type Tree, unite } from './tree.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The manager whose applies heed the annotation. */
export const kubectl = 'kubectl';

/** Fields that client-side apply set and nobody changed since: an apply may take them without force. */
export function allowedByLastApplied(live: KubeObject, apiVersion: string, schema: Schema): Tree {
	const last = parse(live.metadata.annotations?.[annotation]);
	if (last === null || last['apiVersion'] !== apiVersion) return emptyTree;
	const { added, removed, modified } = compare(last, live, schema);
	return subtract(fieldSetOf(last, schema), unite(unite(added, removed), modified));
}

/** `live` with the annotation as client-side apply would leave it now; as it is where it has none. */
export function keepLastApplied<T extends KubeObject>(object: T, applied: KubeObject): T {
	const { annotations } = object.metadata;
	if (!annotations?.[annotation]) return object;
	const { managedFields: _, annotations: own, ...metadata } = applied.metadata;
	const { [annotation]: __, ...others } = own ?? {};
	const kept = Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata;
	const text = `${JSON.stringify(sortNames({ ...applied, metadata: kept }))}\n`;
	return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: text } } };
}

function sortNames(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sortNames);
	if (value === null || typeof value !== 'object') return value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([name, each]) => [name, sortNames(each)]));
}

function parse(text: string | undefined): Record<string, unknown> | null {
	try {
		return text === undefined ? null : (JSON.parse(text) as Record<string, unknown>);
	} catch {
		return null;
	}
}
