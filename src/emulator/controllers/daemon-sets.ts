/** DaemonSets: one Pod on each node that can take it. */

import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Node, type Pod } from '../kubelet/pod.ts';
import type { Toleration } from '../pod.ts';
import type { TimerClock } from '../timers.ts';
import { keepRevision, limitRevisions, readHash } from './controller-revisions.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { isSelected, isTolerated } from './node-selection.ts';
import { keyOf, keyOfOwner, type Loop, startLoop } from './reconcile.ts';
import {
	claimPods,
	createPod,
	deletePod,
	findTimeToAvailable,
	isReady,
	omitZeros,
	type Workload,
	writeStatus,
} from './workload.ts';

const daemonSets = 'daemonsets.apps';
const generationLabel = 'pod-template-generation';
const generationAnnotation = 'deprecated.daemonset.template.generation';

/** Daemons stay where others would have to go. */
const tolerations: Toleration[] = [
	{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
	{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
	...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((name) => ({
		key: `node.kubernetes.io/${name}`,
		operator: 'Exists',
		effect: 'NoSchedule',
	})),
];

export function startDaemonSets(client: ClusterClient, clock: TimerClock): Loop {
	const recorder = createEventRecorder(client, clock, { component: 'daemonset-controller' });
	return startLoop({
		client,
		clock,
		types: [daemonSets, 'pods', 'nodes'],
		findKeys: (object, change) => {
			if (object.kind !== 'Node') return keyOfOwner(object, 'DaemonSet');
			return change?.type === 'MODIFIED' ? [] : client.list(daemonSets, null).map(keyOf);
		},
		reconcile(key) {
			const set = client.get<Workload>(daemonSets, key.namespace, key.name);
			if (set === null || set.metadata.deletionTimestamp) return;
			const hash = readHash(keepRevision(client, set));
			const nodes = client.list<Node>('nodes', null).filter((node) => isWanted(set, node));
			place(client, recorder, set, nodes, hash);
			report(client, clock, set, nodes, hash);
		},
	});
}

function isWanted({ spec: { template } }: Workload, node: Node): boolean {
	const all = [...(template.spec.tolerations ?? []), ...tolerations];
	const isTaken = (node.spec?.taints ?? [])
		.filter(({ effect }) => effect !== 'PreferNoSchedule')
		.every((taint) => isTolerated(taint, all));
	return isTaken && isSelected({ spec: template.spec } as Pod, node);
}

function nodeOf({ spec }: Pod): string {
	const [term] = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
	return spec.nodeName ?? term?.matchFields?.[0]?.values?.[0] ?? '';
}

function place(
	client: ClusterClient,
	recorder: EventRecorder,
	set: Workload,
	nodes: readonly Node[],
	hash: string,
): void {
	const pods = claimPods(client, set);
	const names = new Set(nodes.map(({ metadata }) => metadata.name));
	for (const pod of pods.filter((candidate) => !candidate.metadata.deletionTimestamp)) {
		if (names.has(nodeOf(pod)) && !isTerminalPhase(pod.status.phase)) continue;
		if (pod.status.phase === 'Failed') {
			const message = `Found failed daemon pod ${set.metadata.namespace}/${pod.metadata.name} on node ${nodeOf(pod)}, will try to kill it`;
			recorder.record(set, 'Warning', 'FailedDaemonPod', message);
		}
		deletePod(client, recorder, set, pod);
	}
	for (const name of names) {
		const own = pods.filter((pod) => nodeOf(pod) === name);
		if (own.length === 0) create(client, recorder, set, name, hash);
		else replaceOutdated(client, recorder, set, own, hash);
	}
}

function replaceOutdated(
	client: ClusterClient,
	recorder: EventRecorder,
	set: Workload,
	pods: readonly Pod[],
	hash: string,
): void {
	const { type = 'RollingUpdate' } = (set.spec.updateStrategy ?? {}) as { type?: string };
	if (type !== 'RollingUpdate') return;
	for (const pod of pods) {
		if (readHash(pod) !== hash && pod.metadata.deletionTimestamp === undefined) deletePod(client, recorder, set, pod);
	}
}

function create(client: ClusterClient, recorder: EventRecorder, set: Workload, node: string, hash: string): void {
	const { template } = set.spec;
	const generation = set.metadata.annotations?.[generationAnnotation] ?? '1';
	const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
	const isOurs = (toleration: Toleration) =>
		tolerations.some((own) => own.key === toleration.key && own.effect === toleration.effect);
	createPod({
		client,
		recorder,
		owner: set,
		metadata: { labels: { 'controller-revision-hash': hash, [generationLabel]: generation } },
		spec: {
			affinity: {
				...template.spec.affinity,
				nodeAffinity: {
					...template.spec.affinity?.nodeAffinity,
					requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
				},
			},
			tolerations: [...(template.spec.tolerations ?? []).filter((toleration) => !isOurs(toleration)), ...tolerations],
		},
	});
}

function report(client: ClusterClient, clock: TimerClock, set: Workload, nodes: readonly Node[], hash: string): void {
	const names = new Set(nodes.map(({ metadata }) => metadata.name));
	const live = claimPods(client, set).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
	const placed = live.filter((pod) => names.has(nodeOf(pod)));
	const available = placed.filter((pod) => findTimeToAvailable(pod, set.spec.minReadySeconds ?? 0, clock.now()) === 0);
	const { collisionCount } = set.status ?? {};
	writeStatus(client, daemonSets, set, {
		...(collisionCount !== undefined && { collisionCount }),
		currentNumberScheduled: placed.length,
		desiredNumberScheduled: names.size,
		numberMisscheduled: live.length - placed.length,
		numberReady: placed.filter(isReady).length,
		...omitZeros({
			numberAvailable: available.length,
			numberUnavailable: names.size - available.length,
			observedGeneration: set.metadata.generation ?? 1,
			updatedNumberScheduled: placed.filter((pod) => readHash(pod) === hash).length,
		}),
	});
	limitRevisions(
		client,
		set,
		new Set([`${set.metadata.name}-${hash}`, ...live.map((pod) => `${set.metadata.name}-${readHash(pod)}`)]),
	);
}
