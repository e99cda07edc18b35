/** Server-side apply, and who owns which field after any write: `metadata.managedFields`. */

import type { KubeObject, ManagedFields } from '../../object.ts';
import { badRequest, unknown } from '../../operations/errors.ts';
import type { ResourceType } from '../../resource-type.ts';
import { joinGroupVersion, type Schema } from '../../schema/index.ts';
import { formatTime } from '../../time.ts';
import { readObject } from '../decode.ts';
import { toNode } from '../json-text.ts';
import { readStruct } from '../read-struct.ts';
import { conflictError } from './conflict.ts';
import { allowedByLastApplied, keepLastApplied, kubectl } from './last-applied.ts';
import { type Manager, readManagers, writeManagers } from './managers.ts';
import { emptyTree, type Tree, treeOf } from './tree.ts';
import { applyManaged, exceptAllowed, updateManagers } from './updater.ts';
import { findFaults } from './validate-applied.ts';

interface Write {
	type: ResourceType;
	manager: string;
	now: Date;
	/** `status`, `scale` …; the object itself where it is absent. */
	subresource?: string | undefined;
}

export interface Update extends Write {
	/** Null: the object is created. */
	before: KubeObject | null;
	/** With defaults, before admission: what admission adds belongs to nobody. */
	after: KubeObject;
}

export interface Apply extends Write {
	/** Null: the object does not exist yet. */
	live: KubeObject | null;
	/** What the request holds, as it was sent: no defaults. */
	applied: KubeObject;
	force: boolean;
}

/** The managedFields of `after`, for any write but an apply. Undefined: none are kept. */
export function recordUpdate({ type, before, after, manager, now, subresource }: Update): ManagedFields[] | undefined {
	const given = subresource === undefined ? after.metadata.managedFields : undefined;
	// An empty list, or one with an empty entry, asks to forget all owners.
	const isReset = given !== undefined && (given.length === 0 || given.every((entry) => entry.fieldsV1 === undefined));
	const entries = isReset ? [] : (given ?? before?.metadata.managedFields ?? []);
	// What was not tracked from its creation is not tracked before its first apply.
	if (before?.metadata.uid !== undefined && entries.length === 0) return undefined;
	const change = {
		schema: schemaOf(type),
		live: withoutManagers(before ?? emptyObject(type)),
		managers: readManagers(entries),
		writer: makeWriter(type, manager, 'Update', now, subresource),
		ignored: ignoredBy(type, subresource),
	};
	const managers = writeManagers(updateManagers(change, withoutManagers(after)));
	return managers.length > 0 ? managers : undefined;
}

/**
 * The object after a server-side apply, with its managedFields; to be given defaults, admitted and validated as after any
 * patch. Throws StatusError: 409 with every conflict, 400 or 500 for what cannot be applied.
 */
export function applyServerSide<T extends KubeObject>(apply: Apply): T {
	const { type, live, applied, manager, force, now, subresource } = apply;
	requireApplicable(type, applied);
	const schema = schemaOf(type);
	const before = live ?? emptyObject(type);
	const change = {
		schema,
		live: withoutManagers(before),
		managers: readManagers(managersBeforeApply(apply)),
		writer: makeWriter(type, manager, 'Apply', now, subresource),
		ignored: ignoredBy(type, subresource),
	};
	const first = applyManaged(change, applied, force);
	const { object, managers } = first.conflicts.length > 0 ? takeOver(first.conflicts) : first;
	const merged = typeObject(type, applied, (object ?? change.live) as object);
	const annotated = manager === kubectl ? keepLastApplied(merged, applied) : merged;
	return { ...annotated, metadata: { ...annotated.metadata, managedFields: writeManagers(managers) } } as T;

	/** kubectl may take what its client-side apply owned. */
	function takeOver(conflicts: typeof first.conflicts): typeof first {
		const allowed = manager === kubectl ? allowedByLastApplied(before, joinGroupVersion(type), schema) : emptyTree;
		const left = exceptAllowed(conflicts, allowed);
		if (left.length > 0) throw conflictError(left);
		return applyManaged(change, applied, true);
	}
}

/** An object without owners gets one for all it has, so that the apply can meet conflicts. */
function managersBeforeApply({ type, live, now, subresource }: Apply): ManagedFields[] | undefined {
	const entries = live?.metadata.managedFields ?? [];
	if (live === null || entries.length > 0) return entries;
	return recordUpdate({ type, before: null, after: live, manager: 'before-first-apply', now, subresource });
}

function requireApplicable(type: ResourceType, applied: KubeObject): void {
	const { metadata } = applied;
	const apiVersion = readText(applied.apiVersion);
	const kind = readText(applied.kind);
	if (apiVersion !== joinGroupVersion(type) || kind !== type.kind) {
		throw badRequest(`invalid object type: ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`);
	}
	if (metadata?.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
	const faults = findFaults(applied, schemaOf(type));
	if (faults.length === 0) return;
	throw unknown(`failed to create typed patch object ${describe(type, applied)}: ${listFaults(faults)}`);
}

/** As unstructured content is read: what is no text is none. */
function readText(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function describe(type: ResourceType, { metadata }: KubeObject): string {
	const { name = '', namespace = '' } = metadata ?? {};
	return `(${namespace}/${name}; ${type.group}/${type.version}, Kind=${type.kind})`;
}

function typeObject(type: ResourceType, applied: KubeObject, merged: object): KubeObject {
	const { value, fault } = readObject(type, toNode(merged), 'conversion');
	if (fault === null) return value as KubeObject;
	const what = `unable to convert unstructured object to ${joinGroupVersion(type)}, Kind=${type.kind}: ${fault}`;
	throw unknown(`failed to convert new object ${describe(type, applied)} to proper version: ${what}`);
}

function listFaults(faults: readonly string[]): string {
	if (faults.length === 1) return faults[0] ?? '';
	return `errors:\n${[...faults]
		.sort()
		.map((fault) => `  ${fault}`)
		.join('\n')}`;
}

/** Paths that an endpoint leaves as they are, whatever it is sent. */
function ignoredBy({ subresources }: ResourceType, subresource: string | undefined): Tree {
	if (subresource === 'status')
		return treeOf(['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences']);
	return subresources.some(({ name }) => name === 'status') ? treeOf(['status']) : emptyTree;
}

function makeWriter(
	type: ResourceType,
	manager: string,
	operation: Manager['operation'],
	now: Date,
	subresource = '',
): Manager {
	return {
		manager,
		operation,
		apiVersion: joinGroupVersion(type),
		subresource,
		time: formatTime(now),
		owned: emptyTree,
	};
}

function schemaOf({ schema, custom }: ResourceType): Schema {
	return custom?.typed ?? { $ref: `#/components/schemas/${schema}` };
}

const emptyObjects = new WeakMap<ResourceType, KubeObject>();

/** What Go has before anything is set: an object is created from it. */
function emptyObject(type: ResourceType): KubeObject {
	const known = emptyObjects.get(type) ?? makeEmptyObject(type);
	emptyObjects.set(type, known);
	return known;
}

function makeEmptyObject(type: ResourceType): KubeObject {
	const value = type.custom === undefined ? readStruct(type.schema, toNode({})).value : { metadata: {} };
	return { ...value, apiVersion: joinGroupVersion(type), kind: type.kind } as KubeObject;
}

function withoutManagers(object: KubeObject): KubeObject {
	const { managedFields: _, ...metadata } = object.metadata;
	return { ...object, metadata } as KubeObject;
}
