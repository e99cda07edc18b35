/** Pods on a node that is not there are deleted after a while (pkg/controller/podgc). */

import type { ClusterClient } from '../cluster-client.ts';
import type { Pod } from '../kubelet/pod.ts';
import type { TimerClock } from '../timers.ts';
import { disruptPod } from './disruption.ts';
import { keyOf, type Loop, startLoop } from './reconcile.ts';

/** Milliseconds: a node is waited for 40 s, and looked for every 20 s. */
const quarantine = 60_000;

export function startLostPods(client: ClusterClient, clock: TimerClock): Loop {
	/** Nodes that Pods are on, by name. */
	const missingSince = new Map<string, number>();

	function listOn(node: string): Pod[] {
		return client.list<Pod>('pods', null).filter(({ spec }) => spec.nodeName === node);
	}

	return startLoop({
		client,
		clock,
		types: ['pods', 'nodes'],
		findKeys(object, change) {
			if (object.kind === 'Node') return change?.type === 'MODIFIED' ? [] : [keyOf(object)];
			const { nodeName } = (object as Pod).spec;
			return nodeName && change?.type !== 'DELETED' ? [{ namespace: '', name: nodeName }] : [];
		},
		reconcile(key, loop) {
			const node = key.name;
			const isThere = client.get('nodes', '', node) !== null;
			const pods = isThere ? [] : listOn(node);
			if (pods.length === 0) {
				missingSince.delete(node);
				return;
			}
			const now = clock.now().getTime();
			const since = missingSince.get(node) ?? now;
			missingSince.set(node, since);
			const left = since + quarantine - now;
			if (left > 0) {
				loop.enqueue(key, left);
				return;
			}
			missingSince.delete(node);
			for (const pod of pods)
				disruptPod(client, clock, pod, {
					reason: 'DeletionByPodGC',
					message: 'PodGC: node no longer exists',
					phase: 'Failed',
					gracePeriodSeconds: 0,
				});
		},
	});
}
