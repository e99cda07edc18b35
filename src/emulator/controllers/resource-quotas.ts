/** ResourceQuotas: how much of what they limit is used. */

import { measureQuota } from '../admission/resource-quota.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import type { TypeName } from '../resource-type.ts';
import type { TimerClock } from '../timers.ts';
import type { ResourceQuota } from '../validation/quota.ts';
import { keyOf, type Loop, startLoop } from './reconcile.ts';
import { writeStatus } from './workload.ts';

const counted: Record<string, TypeName> = {
	configmaps: 'configmaps',
	persistentvolumeclaims: 'persistentvolumeclaims',
	replicationcontrollers: 'replicationcontrollers',
	resourcequotas: 'resourcequotas',
	secrets: 'secrets',
	services: 'services',
};

export function startResourceQuotas(client: ClusterClient, clock: TimerClock): Loop {
	return startLoop({
		client,
		clock,
		types: ['resourcequotas', 'pods', ...Object.values(counted).filter((type) => type !== 'resourcequotas')],
		findKeys: (object, change) => {
			if (object.kind === 'ResourceQuota') return [keyOf(object)];
			// A Pod that has ended uses nothing any more, and a Service may take other ports.
			const isOther =
				object.kind === 'Service' || (object.kind === 'Pod' && isTerminalPhase((object as Pod).status?.phase));
			if (change?.type === 'MODIFIED' && !isOther) return [];
			return client.list('resourcequotas', object.metadata.namespace ?? '').map(keyOf);
		},
		reconcile(key) {
			const quota = client.get<ResourceQuota>('resourcequotas', key.namespace, key.name);
			if (quota === null) return;
			const hard = quota.spec?.hard ?? {};
			const list = (type: TypeName, namespace: string) => client.list(type, namespace);
			writeStatus(client, 'resourcequotas', quota, { hard, used: measureQuota(quota, { list, now: clock.now() }) });
		},
	});
}
