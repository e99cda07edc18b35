/** Pods leave a node with a taint that they do not tolerate, or not for ever (pkg/controller/tainteviction). */

import type { ClusterClient } from '../cluster-client.ts';
import type { Node, Pod, Taint } from '../kubelet/pod.ts';
import type { TimerClock } from '../timers.ts';
import { disruptPod } from './disruption.ts';
import { createEventRecorder } from './event-recorder.ts';
import { tolerates } from './node-selection.ts';
import { keyOf, type Loop, startLoop } from './reconcile.ts';

export function startTaintEvictions(client: ClusterClient, clock: TimerClock): Loop {
	const recorder = createEventRecorder(client, clock, { component: 'taint-eviction-controller' });
	/** When the patience of a Pod began, by its uid. */
	const patient = new Map<string, number>();

	function judge(pod: Pod, loop: Loop): void {
		const { uid = '', namespace, name } = pod.metadata;
		const taints = findTaints(client, pod);
		const patience = findPatience(pod, taints);
		const now = clock.now().getTime();
		const since = patient.get(uid);
		if (patience === null) {
			patient.delete(uid);
			if (since !== undefined && taints.length === 0)
				recorder.record(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${namespace}/${name}`);
			return;
		}
		const left = (since ?? now) + patience - now;
		if (left > 0) {
			patient.set(uid, since ?? now);
			loop.enqueue(keyOf(pod), left);
			return;
		}
		patient.delete(uid);
		recorder.record(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${namespace}/${name}`);
		const message = 'Taint manager: deleting due to NoExecute taint';
		disruptPod(client, clock, pod, { reason: 'DeletionByTaintManager', message });
	}

	return startLoop({
		client,
		clock,
		types: ['pods', 'nodes'],
		findKeys(object, change) {
			if (object.kind === 'Pod') {
				if (change?.type === 'DELETED') patient.delete(object.metadata.uid ?? '');
				return [keyOf(object)];
			}
			const old = change?.previous as Node | null | undefined;
			const isSame = change !== null && tell(object as Node) === tell(old ?? null);
			const pods = isSame ? [] : client.list<Pod>('pods', null);
			return pods.filter(({ spec }) => spec.nodeName === object.metadata.name).map(keyOf);
		},
		reconcile(key, loop) {
			const pod = client.get<Pod>('pods', key.namespace, key.name);
			if (pod?.spec.nodeName && pod.metadata.deletionTimestamp === undefined) judge(pod, loop);
		},
	});
}

function tell(node: Node | null): string {
	return JSON.stringify(node?.spec?.taints ?? []);
}

function findTaints(client: ClusterClient, { spec }: Pod): Taint[] {
	const node = client.get<Node>('nodes', '', spec.nodeName ?? '');
	return (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

/** Milliseconds that the Pod may stay; null: for ever. */
function findPatience({ spec: { tolerations = [] } }: Pod, taints: readonly Taint[]): number | null {
	const used = taints.map((taint) => tolerations.find((toleration) => tolerates(toleration, taint)));
	const seconds = used.flatMap((toleration) => (toleration ? (toleration.tolerationSeconds ?? []) : 0));
	return seconds.length > 0 ? Math.max(0, Math.min(...seconds)) * 1000 : null;
}
