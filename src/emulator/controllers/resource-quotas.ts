/** ResourceQuotas: how much of what they limit is used. */

import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import type { TimerClock } from '../timers.ts';
import { addQuantities } from '../validation/quantity.ts';
import { keyOf, type Loop, startLoop } from './reconcile.ts';
import { writeStatus } from './workload.ts';

interface ResourceQuota extends KubeObject {
	spec: { hard?: Record<string, string> };
}

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
			// A Pod that has ended uses nothing any more; other changes of objects do not change their number.
			const isEnd = object.kind === 'Pod' && isTerminalPhase((object as Pod).status?.phase);
			if (change?.type === 'MODIFIED' && !isEnd) return [];
			return client.list('resourcequotas', object.metadata.namespace ?? '').map(keyOf);
		},
		reconcile(key) {
			const quota = client.get<ResourceQuota>('resourcequotas', key.namespace, key.name);
			if (quota === null) return;
			const hard = quota.spec.hard ?? {};
			const used = Object.keys(hard).map((name) => [name, measure(client, key.namespace, name)]);
			writeStatus(client, 'resourcequotas', quota, { hard, used: Object.fromEntries(used) });
		},
	});
}

function measure(client: ClusterClient, namespace: string, name: string): string {
	const type = /^count\/(.+)$/.exec(name)?.[1] ?? counted[name];
	const pods = client.list<Pod>('pods', namespace).filter(({ status }) => !isTerminalPhase(status.phase));
	if (name === 'pods') return String(pods.length);
	if (type !== undefined) return String(client.list(type, namespace).length);
	const kind = name.startsWith('limits.') ? 'limits' : 'requests';
	const resource = name.replace(/^(limits|requests)\./, '');
	return addQuantities(
		pods.flatMap(({ spec }) => spec.containers.flatMap(({ resources }) => resources?.[kind]?.[resource] ?? [])),
	);
}
