/** What keeps a claim while a Pod uses it, and a volume while it is bound: their finalizers go only then. */

import type { ClusterClient } from '../cluster-client.ts';
import type { Pod } from '../kubelet/pod.ts';
import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import type { TimerClock } from '../timers.ts';
import { type Key, keyOf, type Loop, startLoop } from './reconcile.ts';
import { claimType, listClaims } from './volume-claims.ts';

export function startVolumeProtection(client: ClusterClient, clock: TimerClock): Loop {
	return startLoop({
		client,
		clock,
		types: [claimType, 'persistentvolumes', 'pods'],
		findKeys: (object, change) => {
			if (object.kind !== 'Pod') return isLeaving(object) ? [keyOf(object)] : [];
			// Only that a Pod goes lets a claim go.
			const { namespace = '' } = object.metadata;
			return change?.type === 'DELETED' ? listClaims(object as Pod).map((name) => ({ namespace, name })) : [];
		},
		reconcile({ namespace, name }) {
			if (namespace === '') releaseVolume(client, name);
			else releaseClaim(client, { namespace, name });
		},
	});
}

function isLeaving({ metadata }: KubeObject): boolean {
	return metadata.deletionTimestamp !== undefined;
}

/** Also one that has ended uses it, for as long as it is there; one that no node has does not. */
function releaseClaim(client: ClusterClient, key: Key): void {
	const users = client.list<Pod>('pods', key.namespace).filter(({ spec }) => spec.nodeName);
	const isUsed = users.some((pod) => listClaims(pod).includes(key.name));
	if (!isUsed) letGo(client, claimType, key, 'kubernetes.io/pvc-protection');
}

function releaseVolume(client: ClusterClient, name: string): void {
	const volume = client.get<KubeObject & { status?: { phase?: string } }>('persistentvolumes', '', name);
	if (volume?.status?.phase === 'Bound') return;
	letGo(client, 'persistentvolumes', { namespace: '', name }, 'kubernetes.io/pv-protection');
}

function letGo(client: ClusterClient, type: TypeName, { namespace, name }: Key, finalizer: string): void {
	client.update(type, namespace, name, (object) => {
		const { finalizers = [], ...metadata } = object.metadata;
		if (!isLeaving(object) || !finalizers.includes(finalizer)) return object;
		const left = finalizers.filter((each) => each !== finalizer);
		return { ...object, metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) } };
	});
}
