/** The loop of every controller: what has changed is looked at once, after whoever else is told of it. */

import type { ClusterClient } from '../cluster-client.ts';
import type { KubeObject, OwnerReference } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import type { Change } from '../store.ts';
import type { TimerClock } from '../timers.ts';

export interface Key {
	namespace: string;
	name: string;
}

export interface Loop {
	/** Looks at it soon, or in `ms`; of several waits for the same the shortest counts. */
	enqueue(key: Key, ms?: number): void;
	stop(): void;
}

export interface LoopOptions {
	client: ClusterClient;
	clock: TimerClock;
	types: readonly TypeName[];
	/** Which objects have to be looked at because of a change; what is there at the start counts as changed. */
	findKeys(object: KubeObject, change: Change | null): readonly Key[];
	reconcile(key: Key, loop: Loop): void;
}

/** Milliseconds until a write that was refused is tried again: doubling, as client-go's rate limiter does. */
const shortestRetry = 5;
const longestRetry = 1_000_000;

export function startLoop({ client, clock, types, findKeys, reconcile }: LoopOptions): Loop {
	const waiting = new Map<string, Key>();
	const timers = new Map<string, { at: number; cancel: () => void }>();
	const failures = new Map<string, number>();
	let isScheduled = false;
	let isStopped = false;

	const loop: Loop = {
		enqueue(key, ms = 0) {
			if (isStopped) return;
			const id = `${key.namespace}/${key.name}`;
			if (ms > 0) return enqueueLater(id, key, ms);
			waiting.set(id, key);
			if (isScheduled) return;
			isScheduled = true;
			queueMicrotask(drain);
		},
		stop() {
			isStopped = true;
			stopWatch();
			for (const { cancel } of timers.values()) cancel();
		},
	};

	function enqueueLater(id: string, key: Key, ms: number): void {
		const at = clock.now().getTime() + ms;
		const known = timers.get(id);
		if (known && known.at <= at) return;
		known?.cancel();
		const cancel = clock.after(ms, () => {
			timers.delete(id);
			loop.enqueue(key);
		});
		timers.set(id, { at, cancel });
	}

	function drain(): void {
		isScheduled = false;
		for (const [id, key] of waiting) {
			if (isStopped) return;
			waiting.delete(id);
			attempt(id, key);
		}
	}

	function attempt(id: string, key: Key): void {
		try {
			reconcile(key, loop);
			failures.delete(id);
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
			const count = failures.get(id) ?? 0;
			failures.set(id, count + 1);
			loop.enqueue(key, Math.min(shortestRetry * 2 ** count, longestRetry));
		}
	}

	const stopWatch = client.watch(types, (change) => {
		for (const key of findKeys(change.object, change)) loop.enqueue(key);
	});
	for (const type of types) {
		for (const object of client.list(type, null)) {
			for (const key of findKeys(object, null)) loop.enqueue(key);
		}
	}
	return loop;
}

export function keyOf({ metadata }: KubeObject): Key {
	return { namespace: metadata.namespace ?? '', name: metadata.name };
}

/** The object itself if it is of that kind, or the controller of that kind that owns it. */
export function keyOfOwner(object: KubeObject, kind: string): Key[] {
	if (object.kind === kind) return [keyOf(object)];
	const owner = findController(object);
	return owner?.kind === kind ? [{ namespace: object.metadata.namespace ?? '', name: owner.name }] : [];
}

export function findController({ metadata }: KubeObject) {
	return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
	return findController(object)?.uid === owner.metadata.uid;
}

/** For `ownerReferences`. */
export function referTo({ apiVersion, kind, metadata }: KubeObject) {
	return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
}

/** The object as it is when only some of its owners are left. */
export function keepOwners(object: KubeObject, isKept: (owner: OwnerReference) => boolean): KubeObject {
	const { ownerReferences = [], ...metadata } = object.metadata;
	const left = ownerReferences.filter(isKept);
	return { ...object, metadata: { ...metadata, ...(left.length > 0 && { ownerReferences: left }) } };
}
