/** Deletes what nobody owns any more: in the background, before its owner, or not at all, as the deletion asked for. */

import type { ClusterClient } from '../cluster-client.ts';
import { findCustomKind, listCustomTypes } from '../custom/types.ts';
import type { KubeObject, OwnerReference } from '../object.ts';
import { nameType, type ResourceType, type TypeName } from '../resource-type.ts';
import { findKind, resourceTypes } from '../schema/index.ts';
import { StatusError } from '../status-error.ts';
import type { Change, ObjectKey } from '../store.ts';
import { keepOwners } from './reconcile.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

/** Events belong to nobody, and go by themselves. */
function isCollected(type: TypeName): boolean {
	return type !== 'events' && type !== 'events.events.k8s.io';
}

/** Gives back how to stop. */
export function startGarbageCollector(client: ClusterClient): () => void {
	const types = [
		...new Set(
			[...resourceTypes(), ...listCustomTypes(client)].filter(({ verbs }) => verbs.includes('delete')).map(nameType),
		),
	].filter(isCollected);
	const dependents = createIndex();
	let waiting: Change[] = [];

	/** Whoever else is told of the change comes first. */
	function note(change: Change): void {
		dependents.follow(change);
		if (waiting.push(change) === 1) queueMicrotask(work);
	}

	function work(): void {
		const changes = waiting;
		waiting = [];
		for (const change of changes) collect(change);
	}

	function collect({ type, key, object }: Change): void {
		const { uid = '', deletionTimestamp, finalizers = [], ownerReferences = [] } = object.metadata;
		if (type === 'DELETED') {
			for (const dependent of dependents.find(uid)) review(dependent);
			for (const owner of ownerReferences) finishOwner(owner, object);
			return;
		}
		if (deletionTimestamp !== undefined && finalizers.includes(orphan)) setFree(key, uid);
		else if (deletionTimestamp !== undefined && finalizers.includes(foreground)) deleteDependents(key, uid);
		else if (type === 'ADDED' && ownerReferences.length > 0) review(key);
	}

	/** Deletes a dependent of which no owner is left; of several, it forgets those that are gone. */
	function review(key: ObjectKey): void {
		const object = client.get(key.type, key.namespace, key.name);
		const owners = object?.metadata.ownerReferences ?? [];
		if (object === null || owners.length === 0 || object.metadata.deletionTimestamp !== undefined) return;
		const isThere = (owner: OwnerReference) => findOwner(client, owner, key.namespace)?.metadata.uid === owner.uid;
		if (owners.every(isThere)) return;
		if (owners.some(isThere)) client.update(key.type, key.namespace, key.name, (stored) => keepOwners(stored, isThere));
		else remove(key, object, 'Background');
	}

	function deleteDependents(key: ObjectKey, uid: string): void {
		const read = ({ type, namespace, name }: ObjectKey) => client.get(type, namespace, name);
		const isBlocking = (object: KubeObject | null) =>
			object?.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion) ?? false;
		const all = dependents.find(uid);
		for (const dependent of all) {
			const object = read(dependent);
			if (object?.metadata.deletionTimestamp === undefined && object) remove(dependent, object, 'Foreground');
		}
		const isLeft = all.some((dependent) => isBlocking(read(dependent)));
		if (!isLeft) dropFinalizer(key, foreground);
	}

	/** A dependent is gone: its owner may have waited for that. */
	function finishOwner(owner: OwnerReference, { metadata: { namespace = '' } }: KubeObject): void {
		const found = findOwner(client, owner, namespace);
		const isWaiting =
			found?.metadata.deletionTimestamp !== undefined && found.metadata.finalizers?.includes(foreground);
		const type = findOwnerType(client, owner);
		if (!found || !isWaiting || type === null) return;
		deleteDependents({ type: nameType(type), namespace: found.metadata.namespace ?? '', name: owner.name }, owner.uid);
	}

	function setFree(key: ObjectKey, uid: string): void {
		for (const { type, namespace, name } of dependents.find(uid)) {
			client.update(type, namespace, name, (stored) => keepOwners(stored, (owner) => owner.uid !== uid));
		}
		dropFinalizer(key, orphan);
	}

	function dropFinalizer({ type, namespace, name }: ObjectKey, finalizer: string): void {
		client.update(type, namespace, name, (stored) => {
			const { finalizers = [], ...metadata } = stored.metadata;
			const left = finalizers.filter((other) => other !== finalizer);
			return { ...stored, metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) } };
		});
	}

	function remove(
		{ type, namespace, name }: ObjectKey,
		{ metadata }: KubeObject,
		propagationPolicy: 'Background' | 'Foreground',
	): void {
		try {
			client.delete(type, namespace, name, {
				propagationPolicy,
				...(metadata.uid !== undefined && { uid: metadata.uid }),
			});
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
		}
	}

	// Types come and go with their definitions.
	const stop = client.watch(null, (change) => {
		if (isCollected(change.key.type)) note(change);
	});
	for (const type of types) {
		for (const object of client.list(type, null)) {
			const key = { type, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
			note({ type: 'ADDED', revision: 0, key, object, previous: null });
		}
	}
	return stop;
}

function findOwner(client: ClusterClient, owner: OwnerReference, namespace: string): KubeObject | null {
	const type = findOwnerType(client, owner);
	// Of a kind that is not known here nothing can be said; it is left alone.
	return type === null ? null : client.get(nameType(type), type.isNamespaced ? namespace : '', owner.name);
}

function findOwnerType(client: ClusterClient, { apiVersion, kind }: OwnerReference): ResourceType | null {
	return findKind(apiVersion, kind) ?? findCustomKind(client, apiVersion, kind);
}

interface Index {
	follow(change: Change): void;
	/** Of the owner with that uid. */
	find(uid: string): ObjectKey[];
}

function createIndex(): Index {
	const byOwner = new Map<string, Map<string, ObjectKey>>();
	return {
		follow({ type, key, object, previous }) {
			const id = `${key.type}/${key.namespace}/${key.name}`;
			for (const { uid } of previous?.metadata.ownerReferences ?? []) {
				const known = byOwner.get(uid);
				known?.delete(id);
				if (known?.size === 0) byOwner.delete(uid);
			}
			if (type === 'DELETED') return;
			for (const { uid } of object.metadata.ownerReferences ?? []) {
				const known = byOwner.get(uid) ?? new Map<string, ObjectKey>();
				byOwner.set(uid, known.set(id, key));
			}
		},
		find: (uid) => [...(byOwner.get(uid)?.values() ?? [])],
	};
}
