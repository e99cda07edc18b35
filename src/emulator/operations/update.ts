/** Changing an object: what may not change stays, what was wished for is counted, and nothing is written for nothing. */

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../object.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { checkNamespace, storeNew } from './create.ts';
import { badRequest, conflict, invalid, modified, notFound } from './errors.ts';
import { applyMergePatch, decode } from './parts.ts';
import { keyFor } from './read.ts';
import { strategyOf } from './strategy.ts';
import { fromStorage, toStorage } from './versions.ts';

export interface UpdateResult {
	object: KubeObject;
	isNew: boolean;
}

export function replaceObject(core: Core, target: Target, body: unknown, context: WriteContext): UpdateResult {
	const { type, name } = target;
	const { object, warnings } = decode(type, body);
	for (const warning of warnings) context.warn(warning);
	if (object.metadata.name !== name) {
		throw badRequest(
			`the name of the object (${object.metadata.name ?? ''}) does not match the name on the URL (${name})`,
		);
	}
	if (core.store.get(keyFor(target)) === null && strategyOf(type).isMadeByUpdate && target.subresource === '') {
		return { object: storeNew(core, target, object, context), isNew: true };
	}
	return { object: changeObject(core, target, () => object, context), isNew: false };
}

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

export function patchObject(core: Core, target: Target, _kind: PatchKind, body: unknown, context: WriteContext) {
	const object = changeObject(core, target, (live) => decode(target.type, applyMergePatch(live, body)).object, context);
	return { object, isNew: false };
}

/** `change` is handed the object as it is, and makes of it what it should be. */
export function changeObject(
	core: Core,
	target: Target,
	change: (live: KubeObject) => KubeObject,
	context: WriteContext,
): KubeObject {
	const { type, name } = target;
	const key = keyFor(target);
	const stored = core.store.get(key);
	if (stored === null) throw notFound(type, name);
	const live = fromStorage(type, stored);
	const wanted = change(live);
	checkVersion(target, wanted, live);
	const next = carryOver(target, wanted, live);
	if (isDeepStrictEqual(next, live)) return live;
	if (context.isDryRun) return next;
	if (isFinalized(next)) {
		core.store.write(key, null);
		return next;
	}
	return fromStorage(type, core.store.write(key, toStorage(type, next)));
}

function checkVersion({ type, name }: Target, { metadata }: KubeObject, live: KubeObject): void {
	if (metadata.uid && metadata.uid !== live.metadata.uid) {
		const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${live.metadata.uid}`;
		throw conflict(type, name, why);
	}
	if (metadata.resourceVersion) {
		if (metadata.resourceVersion !== live.metadata.resourceVersion) throw conflict(type, name, modified);
	} else if (strategyOf(type).isUpdatedByVersion) {
		const message = 'Invalid value: 0: must be specified for an update';
		throw invalid({ group: type.group, kind: type.resource }, name, [
			{ reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' },
		]);
	}
}

function carryOver({ type, namespace, subresource }: Target, wanted: KubeObject, live: KubeObject): KubeObject {
	checkNamespace(type.isNamespaced ? namespace : '', wanted.metadata.namespace);
	const { hasStatus, hasGeneration } = strategyOf(type);
	const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } =
		live.metadata;
	const fields = chooseFields(subresource, hasStatus, wanted, live);
	const next: KubeObject = {
		...fields,
		metadata: dropUndefined({
			...wanted.metadata,
			...(type.isNamespaced && { namespace }),
			uid,
			resourceVersion,
			generation,
			creationTimestamp,
			deletionTimestamp,
			deletionGracePeriodSeconds,
		}),
	};
	if (!hasGeneration || subresource === 'status' || isDeepStrictEqual(wishOf(next), wishOf(live))) return next;
	return { ...next, metadata: { ...next.metadata, generation: (generation ?? 0) + 1 } };
}

function chooseFields(subresource: string, hasStatus: boolean, wanted: KubeObject, live: KubeObject): KubeObject {
	if (subresource === 'status') return { ...live, status: wanted.status };
	if (hasStatus && live.status !== undefined) return { ...wanted, status: live.status };
	return wanted;
}

function wishOf({ metadata: _metadata, status: _status, ...wish }: KubeObject): object {
	return wish;
}

function isFinalized({ metadata }: KubeObject): boolean {
	return (
		metadata.deletionTimestamp !== undefined &&
		(metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
		(metadata.finalizers ?? []).length === 0
	);
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function dropUndefined<T extends object>(values: T): Present<T> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
