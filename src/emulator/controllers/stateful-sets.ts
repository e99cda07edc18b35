/** StatefulSets: Pods with names that stay, one after the other. */

import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import type { ObjectMeta } from '../object.ts';
import type { TimerClock } from '../timers.ts';
import { keepRevision, limitRevisions, listRevisions } from './controller-revisions.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { keyOfOwner, type Loop, startLoop } from './reconcile.ts';
import { claimType } from './volume-claims.ts';
import {
	claimPods,
	createPod,
	deletePod,
	findTimeToAvailable,
	isReady,
	omitZeros,
	type PodTemplate,
	type Workload,
	writeStatus,
} from './workload.ts';

const statefulSets = 'statefulsets.apps';

interface ClaimTemplate {
	metadata?: Partial<ObjectMeta>;
	spec?: Record<string, unknown>;
}

interface StatefulSet extends Workload {
	spec: Workload['spec'] & {
		serviceName?: string;
		podManagementPolicy?: 'OrderedReady' | 'Parallel';
		updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
		ordinals?: { start?: number };
		volumeClaimTemplates?: ClaimTemplate[];
	};
}

interface Turn {
	client: ClusterClient;
	clock: TimerClock;
	recorder: EventRecorder;
	set: StatefulSet;
	/** Names of the revisions: of Pods below the partition, and of the others. */
	revisions: { current: string; update: string };
}

export function startStatefulSets(client: ClusterClient, clock: TimerClock): Loop {
	const recorder = createEventRecorder(client, clock, { component: 'statefulset-controller' });
	return startLoop({
		client,
		clock,
		types: [statefulSets, 'pods'],
		findKeys: (object) => keyOfOwner(object, 'StatefulSet'),
		reconcile(key) {
			const set = client.get<StatefulSet>(statefulSets, key.namespace, key.name);
			if (set === null || set.metadata.deletionTimestamp) return;
			const update = keepRevision(client, set).metadata.name;
			const known = String(set.status?.currentRevision ?? '');
			const isKnown = listRevisions(client, set).some(({ metadata }) => metadata.name === known);
			const turn: Turn = { client, clock, recorder, set, revisions: { update, current: isKnown ? known : update } };
			take(turn);
			report(turn);
		},
	});
}

/** One step: the first Pod that is not as it should be decides, unless all may move at once. */
function take(turn: Turn): void {
	const { client, recorder, set } = turn;
	const pods = new Map(claimPods(client, set).map((pod) => [ordinalOf(pod), pod]));
	const first = set.spec.ordinals?.start ?? 0;
	const wanted = Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => first + index);
	const isOrdered = set.spec.podManagementPolicy !== 'Parallel';
	for (const ordinal of wanted) {
		const pod = pods.get(ordinal);
		if (pod === undefined) create(turn, ordinal);
		else if (isTerminalPhase(pod.status.phase) && !pod.metadata.deletionTimestamp) recreate(turn, pod);
		else if (isReady(pod) && !pod.metadata.deletionTimestamp) continue;
		if (isOrdered) return;
	}
	const surplus = [...pods].filter(([ordinal]) => !wanted.includes(ordinal)).sort(([one], [other]) => other - one);
	for (const [, pod] of surplus) {
		if (pod.metadata.deletionTimestamp === undefined) {
			deletePod(
				client,
				recorder,
				set,
				pod,
				`Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
			);
		}
		if (isOrdered) return;
	}
	if (surplus.length === 0)
		replaceOutdated(
			turn,
			wanted.flatMap((ordinal) => pods.get(ordinal) ?? []),
		);
}

/** From the last to the first, down to the partition; the next one waits until this one is ready. */
function replaceOutdated({ client, recorder, set, revisions }: Turn, pods: readonly Pod[]): void {
	const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {};
	if (type !== 'RollingUpdate') return;
	const first = set.spec.ordinals?.start ?? 0;
	for (const pod of [...pods].reverse()) {
		if (ordinalOf(pod) - first < (rollingUpdate?.partition ?? 0)) return;
		if (revisionOf(pod) !== revisions.update && pod.metadata.deletionTimestamp === undefined) {
			deletePod(
				client,
				recorder,
				set,
				pod,
				`Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
			);
			return;
		}
		if (!isReady(pod) || pod.metadata.deletionTimestamp !== undefined) return;
	}
}

function create({ client, recorder, set, revisions }: Turn, ordinal: number): void {
	const { name } = set.metadata;
	const first = set.spec.ordinals?.start ?? 0;
	const isOld = ordinal - first < (set.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
	const revision = isOld ? revisions.current : revisions.update;
	const template = listRevisions(client, set).find(({ metadata }) => metadata.name === revision)?.data.spec.template;
	const podName = `${name}-${ordinal}`;
	const claimed = (set.spec.volumeClaimTemplates ?? []).map((claim) => ({
		name: claim.metadata?.name ?? '',
		persistentVolumeClaim: { claimName: createClaim({ client, recorder, set }, claim, podName) },
	}));
	const others = ((template ?? set.spec.template) as PodTemplate).spec.volumes ?? [];
	const volumes = [...claimed, ...others.filter((each) => !claimed.some((claim) => claim.name === each.name))];
	createPod({
		client,
		recorder,
		owner: template ? { ...set, spec: { ...set.spec, template: template as PodTemplate } } : set,
		name: podName,
		metadata: {
			labels: {
				'apps.kubernetes.io/pod-index': String(ordinal),
				'controller-revision-hash': revision,
				'statefulset.kubernetes.io/pod-name': podName,
			},
		},
		spec: {
			hostname: podName,
			...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
			...(claimed.length > 0 && { volumes }),
		},
		tell: {
			created: (made) => `Create Pod ${made} in StatefulSet ${name} successful`,
			failed: (made, error) => `Create Pod ${made} in StatefulSet ${name} failed error: ${error}`,
		},
	});
}

/** The claim that the Pod of this name always gets, made where it is not there; gives back its name. */
function createClaim(
	{ client, recorder, set }: Pick<Turn, 'client' | 'recorder' | 'set'>,
	{ metadata: { name: volume = '', labels, annotations } = {}, spec = {} }: ClaimTemplate,
	pod: string,
): string {
	const { namespace = '', name } = set.metadata;
	const claim = `${volume}-${pod}`;
	if (client.get(claimType, namespace, claim) !== null) return claim;
	client.create(claimType, namespace, {
		apiVersion: 'v1',
		kind: 'PersistentVolumeClaim',
		metadata: {
			name: claim,
			labels: { ...labels, ...set.spec.selector?.matchLabels },
			...(annotations && { annotations }),
		},
		spec,
	});
	const message = `Create Claim ${claim} Pod ${pod} in StatefulSet ${name} success`;
	recorder.record(set, 'Normal', 'SuccessfulCreate', message);
	return claim;
}

function recreate({ client, recorder, set }: Turn, { metadata }: Pod): void {
	const message = `StatefulSet ${set.metadata.namespace}/${set.metadata.name} is recreating terminated Pod ${metadata.name}`;
	recorder.record(set, 'Normal', 'RecreatingTerminatedPod', message);
	client.delete('pods', metadata.namespace ?? '', metadata.name, {
		...(metadata.uid !== undefined && { uid: metadata.uid }),
	});
}

function ordinalOf({ metadata: { name } }: Pod): number {
	return Number(name.slice(name.lastIndexOf('-') + 1));
}

function revisionOf({ metadata }: Pod): string {
	return metadata.labels?.['controller-revision-hash'] ?? '';
}

function report({ client, clock, set, revisions }: Turn): void {
	const pods = claimPods(client, set);
	const live = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
	const isUpdated = (pod: Pod) => revisionOf(pod) === revisions.update;
	const replicas = set.spec.replicas ?? 1;
	const isDone = live.length === replicas && live.every((pod) => isUpdated(pod) && isReady(pod));
	const current = isDone ? revisions.update : revisions.current;
	const available = pods.filter((pod) => findTimeToAvailable(pod, set.spec.minReadySeconds ?? 0, clock.now()) === 0);
	writeStatus(client, statefulSets, set, {
		availableReplicas: available.length,
		collisionCount: Number(set.status?.collisionCount ?? 0),
		currentRevision: current,
		...omitZeros({
			currentReplicas: live.filter((pod) => revisionOf(pod) === current).length,
			observedGeneration: set.metadata.generation ?? 1,
			readyReplicas: pods.filter(isReady).length,
			updatedReplicas: live.filter(isUpdated).length,
		}),
		replicas: pods.length,
		updateRevision: revisions.update,
	});
	limitRevisions(client, set, new Set([revisions.update, current, ...pods.map(revisionOf)]));
}
