/** ResourceQuotas: how much of what they limit is used. */

import { findTypes, measureQuota } from '../admission/resource-quota.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import type { Change } from '../store.ts';
import type { TimerClock } from '../timers.ts';
import type { ResourceQuota } from '../validation/quota.ts';
import { type Key, keyOf, startLoop } from './reconcile.ts';
import { writeStatus } from './workload.ts';

const quotaType = 'resourcequotas';

/** Gives back how to stop. */
export function startResourceQuotas(client: ClusterClient, clock: TimerClock): { stop(): void } {
	const loop = startLoop({
		client,
		clock,
		types: [quotaType],
		findKeys: (object) => [keyOf(object)],
		reconcile(key) {
			const quota = client.get<ResourceQuota>(quotaType, key.namespace, key.name);
			if (quota === null) return;
			const hard = quota.spec?.hard ?? {};
			const list = (type: TypeName, namespace: string) => client.list(type, namespace);
			writeStatus(client, quotaType, quota, { hard, used: measureQuota(quota, { list, now: clock.now() }) });
		},
	});
	// A quota may count objects of any type, those of definitions included.
	const stopWatch = client.watch(null, (change) => {
		for (const key of findAffected(client, change)) loop.enqueue(key);
	});
	return {
		stop() {
			stopWatch();
			loop.stop();
		},
	};
}

function findAffected(client: ClusterClient, change: Change): Key[] {
	const { namespace, type } = change.key;
	if (namespace === '' || (change.type === 'MODIFIED' && !mayUseOther(change.object))) return [];
	return client
		.list<ResourceQuota>(quotaType, namespace)
		.filter(({ spec }) => findTypes(spec?.hard ?? {}).includes(type))
		.map(keyOf);
}

/** A Pod that has ended uses nothing any more, and a Service may take other ports. */
function mayUseOther(object: KubeObject): boolean {
	return object.kind === 'Service' || (object.kind === 'Pod' && isTerminalPhase((object as Pod).status?.phase));
}
