/** Changing an object: what may not change stays, what was wished for is counted, and nothing is written for nothing. */

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ManagedFields } from '../object.ts';
import { admitChange, reviewChange } from './admission.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { checkNamespace, createDecoded, decodeObject } from './create.ts';
import { isFinalized } from './delete.ts';
import { badRequest, conflict, invalid, modified, notFound, unknown } from './errors.ts';
import { own } from './ownership.ts';
import { keyFor } from './read.ts';
import { storagePrefix, strategyOf } from './strategy.ts';
import { takeSubresource } from './subresource.ts';
import { fromStorage, toStorage } from './versions.ts';

export interface UpdateResult {
	object: KubeObject;
	isNew: boolean;
}

/** PUT. */
export function replaceObject(core: Core, target: Target, body: unknown, context: WriteContext): UpdateResult {
	const { type, name, subresource } = target;
	const object = decodeObject(type, body, context);
	checkName(object, name);
	const replaceLive = (live: KubeObject) => {
		requireUid(target, object.metadata.uid, live);
		return object;
	};
	const isAbsent = core.store.get(keyFor(target)) === null;
	if (isAbsent && strategyOf(type).isMadeByUpdate && subresource === '') {
		const { resourceVersion: _resourceVersion, ...metadata } = object.metadata;
		return { object: createDecoded(core, target, { ...object, metadata }, context), isNew: true };
	}
	return { object: changeObject(core, target, replaceLive, context), isNew: false };
}

/** `change` is handed the object as it is, and makes of it what it should be. */
export function changeObject(
	core: Core,
	target: Target,
	change: (live: KubeObject) => KubeObject,
	context: WriteContext,
): KubeObject {
	const { type, name } = target;
	const stored = core.store.get(keyFor(target));
	if (stored === null) throw notFound(type, name);
	const live = fromStorage(type, stored);
	return writeChange(core, target, own(core, target, change(live), live, context), live, context);
}

/** `wanted`: with its managedFields. */
export function writeChange(
	core: Core,
	target: Target,
	wanted: KubeObject,
	live: KubeObject,
	context: WriteContext,
): KubeObject {
	const { type } = target;
	checkVersion(target, wanted, live);
	checkNamespace(type.isNamespaced ? target.namespace : '', wanted.metadata.namespace);
	const taken = takeSubresource(target, wanted, live);
	const admitted = admitChange(core, target, carryOver(target, taken, live), live, context);
	const next = keepTimes(count(target, admitted, live), live);
	reviewChange(core, target, next, live, context);
	return storeChange(core, target, next, live, context);
}

function storeChange(
	core: Core,
	target: Target,
	next: KubeObject,
	live: KubeObject,
	context: WriteContext,
): KubeObject {
	if (isFinalized(target.type, next)) {
		if (!context.isDryRun) core.store.write(keyFor(target), null);
		return next;
	}
	// `keepTimes` has made one of two that are the same.
	if (next === live || context.isDryRun) return next;
	return fromStorage(target.type, core.store.write(keyFor(target), toStorage(target.type, next)));
}

export function checkName({ metadata }: KubeObject, name: string): void {
	if (metadata.name === name) return;
	if (!metadata.name) {
		throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
	}
	throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
}

/** Throws 409, in the words of the storage. */
export function requireUid({ type, namespace, name }: Target, uid: string | undefined, { metadata }: KubeObject): void {
	if (!uid || uid === metadata.uid) return;
	const key = ['/registry', storagePrefix(type), ...(type.isNamespaced ? [namespace] : []), name].join('/');
	const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
	const head = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0`;
	throw conflict(type, name, `${head}, AdditionalErrorMsg: ${why}`);
}

/** Throws 409, and 422. */
function checkVersion({ type, name }: Target, { metadata }: KubeObject, live: KubeObject): void {
	if (metadata.resourceVersion) {
		requireNumber(metadata.resourceVersion);
		if (metadata.resourceVersion !== live.metadata.resourceVersion) throw conflict(type, name, modified);
	} else if (strategyOf(type).isUpdatedByVersion) {
		const message = 'Invalid value: 0: must be specified for an update';
		throw invalid({ group: type.group, kind: type.resource }, name, [
			{ reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' },
		]);
	}
	if (metadata.uid && metadata.uid !== live.metadata.uid) {
		const message = `Invalid value: "${metadata.uid}": field is immutable`;
		const cause = { reason: 'FieldValueInvalid', message, field: 'metadata.uid' };
		// Two validators of the real server say the same.
		throw invalid(type, name, [cause, cause]);
	}
}

/** Throws 500, as whatever the server did not foresee. */
function requireNumber(resourceVersion: string): void {
	if (/^\d+$/.test(resourceVersion)) return;
	throw unknown(`strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`);
}

/** What the server alone sets. */
function carryOver({ type, namespace }: Target, wanted: KubeObject, live: KubeObject): KubeObject {
	const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } =
		live.metadata;
	const metadata = {
		...wanted.metadata,
		namespace: type.isNamespaced ? namespace : undefined,
		uid,
		resourceVersion,
		generation,
		creationTimestamp,
		deletionTimestamp,
		deletionGracePeriodSeconds,
	};
	return { ...wanted, metadata: dropUndefined(metadata) };
}

/** Admission may have counted already. */
function count({ type, subresource }: Target, next: KubeObject, live: KubeObject): KubeObject {
	const { generation } = live.metadata;
	if (!strategyOf(type).hasGeneration || subresource === 'status' || next.metadata.generation !== generation)
		return next;
	const hasOwnStatus = type.custom === undefined || type.custom.hasStatus;
	if (isDeepStrictEqual(wishOf(next, hasOwnStatus), wishOf(live, hasOwnStatus))) return next;
	return { ...next, metadata: { ...next.metadata, generation: (generation ?? 0) + 1 } };
}

/** A status without a subresource of its own is a wish like any other. */
function wishOf({ metadata: _metadata, ...rest }: KubeObject, hasOwnStatus: boolean): object {
	const { status: _status, ...wish } = rest;
	return hasOwnStatus ? wish : rest;
}

/** A change of nothing but the times of managedFields is none. */
function keepTimes(next: KubeObject, live: KubeObject): KubeObject {
	if (isDeepStrictEqual(withoutTimes(next), withoutTimes(live))) return live;
	return next;
}

function withoutTimes(object: KubeObject): KubeObject {
	const { managedFields } = object.metadata;
	if (managedFields === undefined) return object;
	const timeless = managedFields.map(({ time: _time, ...entry }): ManagedFields => entry);
	return { ...object, metadata: { ...object.metadata, managedFields: timeless } };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function dropUndefined<T extends object>(values: T): Present<T> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
