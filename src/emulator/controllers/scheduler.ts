/** The scheduler: binds Pods to nodes that can take them, and says why it cannot. */

import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Node, type Pod, type PodCondition } from '../kubelet/pod.ts';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import type { Change } from '../store.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { disruptPod } from './disruption.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import type { Snapshot } from './filter.ts';
import { createNodeUsage, type NodeUsage, type PodChange } from './node-usage.ts';
import { priorityOf } from './preemption.ts';
import { type Key, keyOf, type Loop, startLoop } from './reconcile.ts';
import { decide, type Waiting } from './scheduling-decision.ts';
import { claimType, listClaims } from './volume-claims.ts';

const options = { fieldManager: 'kube-scheduler' };
const component = 'default-scheduler';

/** Milliseconds after which a Pod is tried again though nothing seems to help it. */
const longestWait = 300_000;

interface Scheduling {
	client: ClusterClient;
	clock: TimerClock;
	recorder: EventRecorder;
	usage: NodeUsage;
	/** Pods that no node can take, by their uid. */
	pending: Map<string, Pending>;
}

interface Pending {
	pod: Pod;
	filters: Waiting['filters'];
	cancel(): void;
}

export function startScheduler(client: ClusterClient, clock: TimerClock): Loop {
	// A cluster's scheduler comes up before its API server, and then writes events of the older form for all its life.
	const source = { component, ...options };
	const scheduling: Scheduling = {
		client,
		clock,
		recorder: createEventRecorder(client, clock, source),
		usage: createNodeUsage(),
		pending: new Map(),
	};
	const loop = startLoop({
		client,
		clock,
		types: ['pods', 'nodes', claimType],
		findKeys: (object, change) => watch(scheduling, object, change),
		reconcile(key, self) {
			const pod = client.get<Pod>('pods', key.namespace, key.name);
			if (pod !== null && isWaiting(pod)) schedule(scheduling, pod, self);
		},
	});
	return {
		...loop,
		stop() {
			loop.stop();
			for (const { cancel } of scheduling.pending.values()) cancel();
		},
	};
}

/** Keeps count of what is used, and finds whom a change may help: the most important first. */
function watch(scheduling: Scheduling, object: KubeObject, change: Change | null): Key[] {
	if (object.kind === 'Pod') return watchPod(scheduling, object as Pod, change);
	if (object.kind === 'Node') return watchNode(scheduling, object as Node, change);
	const { name, namespace } = object.metadata;
	return findWaiting(scheduling, ({ pod }) => pod.metadata.namespace === namespace && listClaims(pod).includes(name));
}

function watchPod(scheduling: Scheduling, pod: Pod, change: Change | null): Key[] {
	const { usage, pending } = scheduling;
	const isGone = change?.type === 'DELETED' || isTerminalPhase(pod.status?.phase);
	const moved = usage.follow(pod, isGone);
	const waiting = pending.get(pod.metadata.uid ?? '');
	if (isGone || pod.spec.nodeName) forget(scheduling, pod);
	else if (waiting) waiting.pod = pod;
	if (moved !== null) {
		if (!isNews(moved)) return [];
		const snapshot = takeSnapshot(scheduling);
		const mayFit = ({ pod: other, filters }: Pending) =>
			filters === null || [...filters].some((filter) => filter.isHelpedBy?.(other, moved, snapshot));
		return findWaiting(scheduling, mayFit);
	}
	const isOther = !isDeepStrictEqual(change?.previous?.spec, pod.spec);
	return !isGone && isWaiting(pod) && isOther ? [keyOf(pod)] : [];
}

/** It came, went, or is counted as another: signs of life help nobody. */
function isNews({ before, after }: PodChange): boolean {
	return before === null || after === null || !isDeepStrictEqual(before.metadata.labels, after.metadata.labels);
}

/** A node helps a Pod where what refused it does so no longer. */
function watchNode(scheduling: Scheduling, node: Node, change: Change | null): Key[] {
	if (change !== null && !isOtherNode(change)) return [];
	const snapshot = takeSnapshot(scheduling);
	const before = (change?.previous ?? null) as Node | null;
	const isOtherwiseTainted = before !== null && tellTaints(before) !== tellTaints(node);
	return findWaiting(
		scheduling,
		({ pod, filters }) =>
			filters === null ||
			[...filters].some(
				({ judge, readsTaints }) =>
					(isOtherwiseTainted && !readsTaints) ||
					(judge(pod, node, snapshot).length === 0 && (before === null || judge(pod, before, snapshot).length > 0)),
			),
	);
}

function tellTaints({ spec }: Node): string {
	return JSON.stringify([spec?.unschedulable ?? false, spec?.taints ?? []]);
}

function isOtherNode({ type, object, previous }: Change): boolean {
	const tell = (node: KubeObject | null) => {
		const { metadata, spec, status } = (node ?? {}) as Partial<Node>;
		return JSON.stringify([metadata?.labels, spec, status?.allocatable]);
	};
	return type !== 'DELETED' && tell(object) !== tell(previous);
}

function findWaiting({ pending }: Scheduling, mayFit: (waiting: Pending) => boolean): Key[] {
	return [...pending.values()]
		.filter(mayFit)
		.sort((one, other) => priorityOf(other.pod) - priorityOf(one.pod))
		.map(({ pod }) => keyOf(pod));
}

function forget({ pending }: Scheduling, { metadata: { uid = '' } }: Pod): void {
	pending.get(uid)?.cancel();
	pending.delete(uid);
}

function takeSnapshot({ client, usage }: Scheduling): Snapshot {
	return {
		nodes: client.list<Node>('nodes', null),
		usage,
		labelsOfNamespace: (name) => client.get('namespaces', '', name)?.metadata.labels ?? {},
	};
}

function isWaiting({ spec, metadata }: Pod): boolean {
	return (
		!spec.nodeName &&
		metadata.deletionTimestamp === undefined &&
		(spec.schedulerName ?? component) === component &&
		!spec.schedulingGates?.length
	);
}

function schedule(scheduling: Scheduling, pod: Pod, loop: Loop): void {
	const others = [...scheduling.pending.values()].map((waiting) => waiting.pod);
	const decision = decide(scheduling.client, pod, takeSnapshot(scheduling), others);
	if ('node' in decision) {
		bind(scheduling, pod, decision.node);
		return;
	}
	forget(scheduling, pod);
	const cancel = scheduling.clock.after(longestWait, () => loop.enqueue(keyOf(pod)));
	scheduling.pending.set(pod.metadata.uid ?? '', { pod, filters: decision.filters, cancel });
	refuse(scheduling, pod, decision);
	for (const victim of decision.victims ?? []) preempt(scheduling, pod, victim, decision.nominatedNodeName ?? '');
}

function preempt({ client, clock, recorder }: Scheduling, pod: Pod, victim: Pod, node: string): void {
	if (victim.metadata.deletionTimestamp !== undefined) return;
	const message = `${component}: preempting to accommodate a higher priority pod`;
	disruptPod(client, clock, victim, { reason: 'PreemptionByScheduler', message }, options);
	recorder.record(victim, 'Normal', 'Preempted', `Preempted by pod ${pod.metadata.uid} on node ${node}`);
}

function bind({ client, recorder }: Scheduling, pod: Pod, { metadata: { name: node } }: Node): void {
	const { namespace = '', name, uid = '' } = pod.metadata;
	const target = { apiVersion: 'v1', kind: 'Node', name: node };
	const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
	try {
		client.create('pods', namespace, binding, { subresource: 'binding', ...options });
	} catch (error) {
		if (error instanceof StatusError && error.code === 404) return;
		throw error;
	}
	recorder.record(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`);
}

function refuse(
	{ client, clock, recorder }: Scheduling,
	pod: Pod,
	{ message, nominatedNodeName = pod.status.nominatedNodeName }: Waiting,
): void {
	recorder.record(pod, 'Warning', 'FailedScheduling', message);
	const before = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
	const condition: PodCondition = {
		lastProbeTime: null,
		lastTransitionTime:
			before?.status === 'False' && before.lastTransitionTime ? before.lastTransitionTime : formatTime(clock.now()),
		message,
		observedGeneration: pod.metadata.generation ?? 1,
		reason: 'Unschedulable',
		status: 'False',
		type: 'PodScheduled',
	};
	const { namespace = '', name } = pod.metadata;
	client.update<Pod>(
		'pods',
		namespace,
		name,
		(stored) => {
			const { nominatedNodeName: _, conditions = [], ...status } = stored.status;
			const others = conditions.filter(({ type }) => type !== 'PodScheduled');
			return {
				...stored,
				status: { ...status, conditions: [...others, condition], ...(nominatedNodeName && { nominatedNodeName }) },
			};
		},
		{ subresource: 'status', ...options },
	);
}
