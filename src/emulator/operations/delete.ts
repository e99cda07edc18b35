/** Deleting an object: at once, gracefully, or when its finalizers are gone. */

import { endDefinition } from '../custom/conditions.ts';
import { type Definition, definitionType } from '../custom/definition.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';
import { nameType, type ResourceType } from '../resource-type.ts';
import { formatTime } from '../time.ts';
import { admitDeletion } from './admission.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { conflict, notFound } from './errors.ts';
import { keyFor, type ListOptions, listObjects } from './read.ts';
import { strategyOf } from './strategy.ts';
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
	admitDeletion(core, target, stored, context);
	const { object, isGone } = decideDeletion(core, type, stored, options);
	const isUnchanged = object === stored && !isGone;
	if (context.isDryRun || isUnchanged) return { object: fromStorage(type, object), isGone };
	const written = core.store.write(keyFor(target), isGone ? null : toStorage(type, object));
	const shown = fromStorage(type, written);
	return { object: isGone && hasGracePeriod(type) ? markGone(core, shown) : shown, isGone };
}

/** Gives back what was there. */
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

/** Whether nothing holds an object any more that is being deleted. */
export function isFinalized(type: ResourceType, { metadata, spec }: KubeObject): boolean {
	if (metadata.deletionTimestamp === undefined || (metadata.finalizers ?? []).length > 0) return false;
	if (isNamespace(type)) return ((spec as { finalizers?: string[] } | undefined)?.finalizers ?? []).length === 0;
	return (metadata.deletionGracePeriodSeconds ?? 0) === 0;
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

/** Gives back `live` itself where nothing changes. */
function decideDeletion(core: Core, type: ResourceType, live: KubeObject, options: DeleteOptions): DeleteResult {
	if (isNamespace(type)) return terminate(core, type, live);
	if (nameType(type) === definitionType && live.metadata.deletionTimestamp === undefined) {
		return { object: endDefinition(live as Definition, formatTime(core.clock.now())), isGone: false };
	}
	const { metadata } = live;
	const now = core.clock.now();
	const pending = metadata.deletionGracePeriodSeconds ?? 0;
	const isDeleting = metadata.deletionTimestamp !== undefined;
	const hasGrace = hasGracePeriod(type) && !(isDeleting && pending === 0);
	const grace = hasGrace ? gracePeriodOf(live, options) : 0;
	if (isDeleting && pending > 0 && (options.gracePeriodSeconds === undefined || grace >= pending)) {
		return { object: live, isGone: false };
	}
	const finalizers = chooseFinalizers(type, metadata, options);
	if (grace === 0 && finalizers.length === 0) return { object: live, isGone: true };
	if (isDeleting && pending === 0 && sameFinalizers(finalizers, metadata.finalizers)) {
		return { object: live, isGone: false };
	}
	const end = isDeleting && pending > 0 ? shorten(metadata, grace, now) : { at: later(now, grace), grace };
	return { object: mark(live, finalizers, formatTime(end.at), end.grace), isGone: false };
}

function mark(live: KubeObject, finalizers: string[], deletionTimestamp: string, grace: number): KubeObject {
	const { finalizers: _finalizers, ...metadata } = live.metadata;
	const isFirst = metadata.deletionTimestamp === undefined;
	const generation = isFirst && metadata.generation ? metadata.generation + 1 : metadata.generation;
	return {
		...live,
		metadata: {
			...metadata,
			...(generation !== undefined && { generation }),
			...(finalizers.length > 0 && { finalizers }),
			deletionTimestamp,
			deletionGracePeriodSeconds: grace,
		},
	};
}

function hasGracePeriod(type: ResourceType): boolean {
	return nameType(type) === 'pods';
}

/** The answer tells of a mark that nothing in the store ever bore. */
function markGone({ clock }: Core, live: KubeObject): KubeObject {
	const { deletionTimestamp = formatTime(clock.now()), finalizers = [] } = live.metadata;
	return mark(live, finalizers, deletionTimestamp, 0);
}

/** A grace period only ever becomes shorter, and never ends in the past. */
function shorten(metadata: ObjectMeta, grace: number, now: Date): { at: Date; grace: number } {
	const before = new Date(metadata.deletionTimestamp as string);
	const at = later(before, grace - (metadata.deletionGracePeriodSeconds ?? 0));
	if (at >= now) return { at, grace };
	return { at: now, grace: grace === 0 ? 0 : 1 };
}

function later(date: Date, seconds: number): Date {
	return new Date(date.getTime() + seconds * 1000);
}

/** A namespace stays until its finalizers, which have a place of their own, are gone. */
function terminate(core: Core, type: ResourceType, live: KubeObject): DeleteResult {
	const deletionTimestamp = live.metadata.deletionTimestamp ?? formatTime(core.clock.now());
	const status = { ...(live['status'] as object | undefined), phase: 'Terminating' };
	const marked = { ...live, metadata: { ...live.metadata, deletionTimestamp }, status };
	if (isFinalized(type, marked)) return { object: live, isGone: true };
	return { object: live.metadata.deletionTimestamp === undefined ? marked : live, isGone: false };
}

function isNamespace(type: ResourceType): boolean {
	return nameType(type) === 'namespaces';
}

/** Only Pods have one, and only while a kubelet may have something to end. */
function gracePeriodOf(pod: KubeObject, { gracePeriodSeconds }: DeleteOptions): number {
	const { nodeName, terminationGracePeriodSeconds } = (pod['spec'] ?? {}) as Record<string, unknown>;
	const { phase } = (pod['status'] ?? {}) as { phase?: string };
	if (!nodeName || phase === 'Failed' || phase === 'Succeeded') return 0;
	const grace = gracePeriodSeconds ?? Number(terminationGracePeriodSeconds ?? 30);
	return grace < 0 ? 1 : grace;
}

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

function chooseFinalizers(
	type: ResourceType,
	{ finalizers = [] }: ObjectMeta,
	{ propagationPolicy, orphanDependents }: DeleteOptions,
): string[] {
	if (orphanDependents === undefined && propagationPolicy === undefined) {
		const isDecided = finalizers.includes(orphan) || finalizers.includes(foreground);
		return strategyOf(type).orphansByDefault && !isDecided ? [...finalizers, orphan] : finalizers;
	}
	const others = finalizers.filter((finalizer) => finalizer !== orphan && finalizer !== foreground);
	if (orphanDependents ?? propagationPolicy === 'Orphan') return [...others, orphan];
	return orphanDependents === undefined && propagationPolicy === 'Foreground' ? [...others, foreground] : others;
}

function sameFinalizers(some: string[], others: string[] = []): boolean {
	return some.length === others.length && some.every((finalizer) => others.includes(finalizer));
}
