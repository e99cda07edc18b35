/** ReplicaSets: as many Pods as they ask for. */

import type { ClusterClient } from '../cluster-client.ts';
import type { Pod } from '../kubelet/pod.ts';
import { StatusError } from '../status-error.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { type Key, keyOfOwner, type Loop, startLoop } from './reconcile.ts';
import {
	claimPods,
	createPod,
	deletePod,
	findTimeToAvailable,
	isActive,
	isReady,
	omitZeros,
	readySince,
	type Workload,
	writeStatus,
} from './workload.ts';

export const replicaSets = 'replicasets.apps';

/** How many Pods are made or deleted in one go. */
const burst = 500;

export function startReplicaSets(client: ClusterClient, clock: TimerClock): Loop {
	const recorder = createEventRecorder(client, clock, { component: 'replicaset-controller' });
	return startLoop({
		client,
		clock,
		types: [replicaSets, 'pods'],
		findKeys(object) {
			const keys = keyOfOwner(object, 'ReplicaSet');
			if (keys.length > 0 || object.kind !== 'Pod') return keys;
			return client
				.list(replicaSets, object.metadata.namespace ?? '')
				.flatMap((owner) => keyOfOwner(owner, 'ReplicaSet'));
		},
		reconcile(key, loop) {
			const set = client.get<Workload>(replicaSets, key.namespace, key.name);
			if (set === null) return;
			const pods = claimPods(client, set);
			const failure = set.metadata.deletionTimestamp ? null : scale(client, recorder, set, pods.filter(isActive));
			report(client, clock, set, failure, { key, loop });
			if (failure !== null) throw failure.error;
		},
	});
}

interface Failure {
	reason: 'FailedCreate' | 'FailedDelete';
	error: StatusError;
}

function scale(client: ClusterClient, recorder: EventRecorder, set: Workload, pods: readonly Pod[]): Failure | null {
	const missing = (set.spec.replicas ?? 1) - pods.length;
	try {
		for (let index = 0; index < Math.min(missing, burst); index++) createPod({ client, recorder, owner: set });
		for (const pod of rankForDeletion(pods).slice(0, Math.min(Math.max(0, -missing), burst))) {
			deletePod(client, recorder, set, pod);
		}
		return null;
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
		return { reason: missing > 0 ? 'FailedCreate' : 'FailedDelete', error };
	}
}

/** First those that are missed least: not on a node, not running, not ready, ready for the shortest time, newest. */
function rankForDeletion(pods: readonly Pod[]): Pod[] {
	const cost = (pod: Pod) => Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0);
	const restarts = (pod: Pod) =>
		Math.max(0, ...(pod.status.containerStatuses ?? []).map(({ restartCount }) => restartCount));
	const ranks: ((pod: Pod) => number)[] = [
		(pod) => Number(Boolean(pod.spec.nodeName)),
		(pod) => Number(pod.status.phase === 'Running'),
		(pod) => Number(isReady(pod)),
		cost,
		(pod) => -readySince(pod),
		(pod) => -restarts(pod),
		(pod) => -Date.parse(pod.metadata.creationTimestamp ?? ''),
	];
	return [...pods].sort((one, other) => ranks.reduce((order, rank) => order || rank(one) - rank(other), 0));
}

function report(
	client: ClusterClient,
	clock: TimerClock,
	set: Workload,
	failure: Failure | null,
	again: { key: Key; loop: Loop },
): void {
	const now = clock.now();
	// Which Pods there are now, after those that were just made or deleted.
	const pods = claimPods(client, set);
	const active = pods.filter(isActive);
	const waits = active.flatMap((pod) => findTimeToAvailable(pod, set.spec.minReadySeconds ?? 0, now) ?? []);
	const soonest = Math.min(...waits.filter((wait) => wait > 0));
	if (Number.isFinite(soonest)) again.loop.enqueue(again.key, soonest);
	const labels = Object.entries(set.spec.template.metadata?.labels ?? {});
	const conditions = describeFailure(set, failure, formatTime(now));
	writeStatus(client, replicaSets, set, {
		...omitZeros({
			availableReplicas: waits.filter((wait) => wait === 0).length,
			fullyLabeledReplicas: active.filter(({ metadata }) =>
				labels.every(([key, value]) => metadata.labels?.[key] === value),
			).length,
			observedGeneration: set.metadata.generation ?? 1,
			readyReplicas: active.filter(isReady).length,
		}),
		replicas: active.length,
		terminatingReplicas: pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).length,
		...(conditions.length > 0 && { conditions }),
	});
}

function describeFailure({ status }: Workload, failure: Failure | null, now: string) {
	const others = (status?.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
	if (failure === null) return others;
	const before = status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
	const { reason, error } = failure;
	if (before?.reason === reason) return [...others, before];
	return [
		...others,
		{ lastTransitionTime: now, message: error.message, reason, status: 'True', type: 'ReplicaFailure' },
	];
}
