/** Deleting an object: at once, gracefully, or when its finalizers are gone. */

import type { KubeObject, ObjectMeta } from '../object.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { conflict, notFound } from './errors.ts';
import { keyFor, type ListOptions, listObjects } from './read.ts';
import { formatTime } from './time.ts';
import { fromStorage, toStorage } from './versions.ts';

export interface DeleteOptions {
	gracePeriodSeconds?: number;
	propagationPolicy?: string;
	orphanDependents?: boolean;
	preconditions?: { uid?: string; resourceVersion?: string };
}

export interface DeleteResult {
	object: KubeObject;
	/** Whether it is gone already. */
	isGone: boolean;
}

export function deleteObject(core: Core, target: Target, options: DeleteOptions, context: WriteContext): DeleteResult {
	const { type, name } = target;
	const stored = core.store.get(keyFor(target));
	if (stored === null) throw notFound(type, name);
	checkPreconditions(target, stored.metadata, options);
	const marked = markDeleted(core, target, stored, options);
	if (marked === 'pending') return { object: fromStorage(type, stored), isGone: false };
	const { object, isGone } = marked;
	if (context.isDryRun) return { object: fromStorage(type, object), isGone };
	const written = core.store.write(keyFor(target), isGone ? null : toStorage(type, object));
	return { object: fromStorage(type, written), isGone };
}

export function deleteCollection(
	core: Core,
	target: Target,
	options: DeleteOptions,
	list: ListOptions,
	context: WriteContext,
): KubeObject[] {
	const { items } = listObjects(core, target, list);
	for (const { metadata } of items) {
		const one = { ...target, namespace: metadata.namespace ?? '', name: metadata.name };
		if (core.store.get(keyFor(one)) !== null) deleteObject(core, one, options, context);
	}
	return items;
}

function checkPreconditions({ type, name }: Target, metadata: ObjectMeta, { preconditions }: DeleteOptions): void {
	const kind = { group: type.group, resource: type.kind };
	const { uid, resourceVersion } = preconditions ?? {};
	if (uid !== undefined && uid !== metadata.uid) {
		const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`;
		throw conflict(kind, name, why);
	}
	if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
		const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`;
		throw conflict(kind, name, why);
	}
}

function markDeleted(core: Core, { type }: Target, live: KubeObject, options: DeleteOptions): DeleteResult | 'pending' {
	const { metadata } = live;
	const finalizers = chooseFinalizers(metadata.finalizers ?? [], options);
	const grace = type.resource === 'pods' && type.group === '' ? gracePeriodOf(live, options) : 0;
	const pending = metadata.deletionGracePeriodSeconds ?? 0;
	if (metadata.deletionTimestamp !== undefined && grace > 0 && grace >= pending && pending > 0) return 'pending';
	if (grace === 0 && finalizers.length === 0) return { object: live, isGone: true };
	const isFirst = metadata.deletionTimestamp === undefined;
	const object: KubeObject = {
		...live,
		metadata: {
			...metadata,
			...(finalizers.length > 0 && { finalizers }),
			...(isFirst && metadata.generation !== undefined && { generation: metadata.generation + 1 }),
			deletionTimestamp: formatTime(new Date(core.clock.now().getTime() + grace * 1000)),
			deletionGracePeriodSeconds: grace,
		},
	};
	return { object, isGone: false };
}

function gracePeriodOf(pod: KubeObject, { gracePeriodSeconds }: DeleteOptions): number {
	const { nodeName, terminationGracePeriodSeconds } = (pod.spec ?? {}) as Record<string, unknown>;
	const { phase } = (pod.status ?? {}) as { phase?: string };
	if (!nodeName || phase === 'Failed' || phase === 'Succeeded') return 0;
	const grace = gracePeriodSeconds ?? Number(terminationGracePeriodSeconds ?? 30);
	return grace < 0 ? 1 : grace;
}

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

function chooseFinalizers(finalizers: string[], { propagationPolicy, orphanDependents }: DeleteOptions): string[] {
	const others = finalizers.filter((finalizer) => finalizer !== orphan && finalizer !== foreground);
	if (orphanDependents ?? propagationPolicy === 'Orphan') return [...others, orphan];
	if (orphanDependents === undefined && propagationPolicy === 'Foreground') return [...others, foreground];
	if (orphanDependents === undefined && propagationPolicy === undefined) return finalizers;
	return others;
}
