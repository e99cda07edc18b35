/** The scheduler: binds Pods to nodes that can take them, and says why it cannot. */

import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '../cluster-client.ts';
import { formatTime, isTerminalPhase, type Node, type Pod, type PodCondition } from '../kubelet/pod.ts';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import type { Change } from '../store.ts';
import type { TimerClock } from '../timers.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { findObstacles, type Obstacle } from './node-filters.ts';
import { createNodeUsage, type NodeUsage } from './node-usage.ts';
import { type Key, keyOf, type Loop, startLoop } from './reconcile.ts';

const options = { fieldManager: 'kube-scheduler' };

interface Scheduling {
	client: ClusterClient;
	clock: TimerClock;
	recorder: EventRecorder;
	usage: NodeUsage;
	/** Pods that no node can take, by their uid. */
	pending: Map<string, Pending>;
}

interface Pending {
	key: Key;
	/** A Pod that goes may make room for it; nothing but a change of a node helps the others. */
	mayFit: boolean;
}

export function startScheduler(client: ClusterClient, clock: TimerClock): Loop {
	// A cluster's scheduler comes up before its API server, and then writes events of the older form for all its life.
	const source = { component: 'default-scheduler', ...options };
	const scheduling: Scheduling = {
		client,
		clock,
		recorder: createEventRecorder(client, clock, source),
		usage: createNodeUsage(),
		pending: new Map(),
	};
	return startLoop({
		client,
		clock,
		types: ['pods', 'nodes'],
		findKeys: (object, change) => [...watch(scheduling, object, change)],
		reconcile(key) {
			const pod = client.get<Pod>('pods', key.namespace, key.name);
			if (pod !== null && isWaiting(pod)) schedule(scheduling, pod);
		},
	});
}

/** Keeps count of what is used, and finds whom that concerns. */
function watch({ usage, pending }: Scheduling, object: KubeObject, change: Change | null): Iterable<Key> {
	const all = [...pending.values()];
	const keysOf = (some: readonly Pending[]) => some.map(({ key }) => key);
	if (object.kind === 'Node') return change === null || isOtherNode(change) ? keysOf(all) : [];
	const pod = object as Pod;
	const isGone = change?.type === 'DELETED' || isTerminalPhase(pod.status?.phase);
	const hasMadeRoom = usage.follow(pod, isGone);
	if (isGone) pending.delete(pod.metadata.uid ?? '');
	if (hasMadeRoom) return keysOf(all.filter(({ mayFit }) => mayFit));
	const isOther = !isDeepStrictEqual(change?.previous?.spec, pod.spec);
	return !isGone && isWaiting(pod) && isOther ? [keyOf(pod)] : [];
}

/** Signs of life make no room. */
function isOtherNode({ object, previous }: Change): boolean {
	const tell = (node: KubeObject | null) => {
		const { metadata, spec, status } = (node ?? {}) as Partial<Node>;
		return JSON.stringify([metadata?.labels, spec, status?.allocatable]);
	};
	return tell(object) !== tell(previous);
}

function isWaiting({ spec, metadata }: Pod): boolean {
	return (
		!spec.nodeName &&
		metadata.deletionTimestamp === undefined &&
		(spec.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
		!spec.schedulingGates?.length
	);
}

function schedule({ client, clock, recorder, usage, pending }: Scheduling, pod: Pod): void {
	const nodes = client.list<Node>('nodes', null);
	const judged = nodes.map((node) => ({ node, obstacles: findObstacles(pod, node, usage) }));
	const fitting = judged.filter(({ obstacles }) => obstacles.length === 0).map(({ node }) => node);
	const [chosen] = fitting.sort(
		(one, other) => usage.countPods(one.metadata.name) - usage.countPods(other.metadata.name),
	);
	const { namespace = '', name, uid = '' } = pod.metadata;
	if (chosen === undefined) {
		const all = judged.map(({ obstacles }) => obstacles);
		pending.set(uid, { key: { namespace, name }, mayFit: all.flat().some(({ isFinal }) => !isFinal) });
		refuse({ client, clock, recorder }, pod, describeRefusal(nodes.length, all));
		return;
	}
	pending.delete(uid);
	const target = { apiVersion: 'v1', kind: 'Node', name: chosen.metadata.name };
	const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
	try {
		client.create('pods', namespace, binding, { subresource: 'binding', ...options });
	} catch (error) {
		if (error instanceof StatusError && error.code === 404) return;
		throw error;
	}
	recorder.record(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${chosen.metadata.name}`);
}

function describeRefusal(count: number, obstacles: readonly (readonly Obstacle[])[]): string {
	if (count === 0) return 'no nodes available to schedule pods';
	const reasons = tally(obstacles.flat().map(({ reason }) => reason));
	const isHelpless = (list: readonly Obstacle[]) => list.some(({ isFinal }) => isFinal);
	const preemption = tally(
		obstacles.map((list) =>
			isHelpless(list) ? 'Preemption is not helpful for scheduling' : 'No preemption victims found for incoming pod',
		),
	);
	const head = `0/${count} nodes are available:`;
	return `${head} ${reasons}. no new claims to deallocate, preemption: ${head} ${preemption}.`;
}

/** `1 Insufficient cpu, 2 node(s) were unschedulable` */
function tally(reasons: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	return [...counts]
		.map(([reason, count]) => `${count} ${reason}`)
		.sort()
		.join(', ');
}

function refuse(
	{ client, clock, recorder }: Pick<Scheduling, 'client' | 'clock' | 'recorder'>,
	pod: Pod,
	message: string,
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
			const others = (stored.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
			return { ...stored, status: { ...stored.status, conditions: [...others, condition] } };
		},
		{ subresource: 'status', ...options },
	);
}
