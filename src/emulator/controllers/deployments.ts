/** Deployments: from one ReplicaSet to the next, a few Pods at a time. */

import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import { selects } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import type { TimerClock } from '../timers.ts';
import { describeDeployment, findTimeToDeadline } from './deployment-status.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { findController, type Key, keyOf, keyOfOwner, type Loop, startLoop } from './reconcile.ts';
import { replicaSets } from './replica-sets.ts';
import { annotations, type History, keepNewest, readHistory, revisionOf } from './revisions.ts';
import {
	type Deployment,
	findMaxReplicas,
	planNewest,
	planOld,
	planShares,
	replicasOf,
	type Scaling,
} from './rollout.ts';
import { type Workload, type WorkloadCondition, writeStatus } from './workload.ts';

const deployments = 'deployments.apps';

interface Rollout {
	client: ClusterClient;
	clock: TimerClock;
	recorder: EventRecorder;
	deployment: Deployment;
}

export function startDeployments(client: ClusterClient, clock: TimerClock): Loop {
	const recorder = createEventRecorder(client, clock, { component: 'deployment-controller' });
	return startLoop({
		client,
		clock,
		types: [deployments, replicaSets, 'pods'],
		// Pods matter to Recreate only: the new ones wait for the last of the old.
		findKeys: (object, change) =>
			object.kind === 'Pod'
				? change?.type === 'DELETED'
					? findDeploymentOf(client, object as Pod)
					: []
				: [...keyOfOwner(object, 'Deployment'), ...findAdopters(client, object)],
		reconcile(key, loop) {
			const deployment = client.get<Deployment>(deployments, key.namespace, key.name);
			if (deployment === null || deployment.metadata.deletionTimestamp) return;
			reconcile({ client, clock, recorder, deployment }, key, loop);
		},
	});
}

/** A ReplicaSet that nobody owns is taken by whoever selects it. */
function findAdopters(client: ClusterClient, object: KubeObject): Key[] {
	if (object.kind !== 'ReplicaSet' || findController(object) !== undefined) return [];
	const { namespace = '', labels } = object.metadata;
	const all = client.list<Deployment>(deployments, namespace);
	return all.filter(({ spec }) => selects(spec.selector, labels)).map(keyOf);
}

function findDeploymentOf(client: ClusterClient, pod: Pod): Key[] {
	const { namespace = '' } = pod.metadata;
	const owner = findController(pod);
	const set = owner?.kind === 'ReplicaSet' ? client.get(replicaSets, namespace, owner.name) : null;
	return set === null ? [] : keyOfOwner(set, 'Deployment');
}

function reconcile(rollout: Rollout, key: Key, loop: Loop): void {
	const { client, clock, deployment } = rollout;
	const history = readHistory(client, deployment);
	const isPaused = deployment.spec.paused === true;
	if (isPaused || isScaled(deployment, history)) {
		for (const scaling of planShares(deployment, history.newest, history.old)) scale(rollout, scaling);
		tellPause(rollout, isPaused);
		report(rollout, false);
		return;
	}
	tellPause(rollout, false);
	const isRecreating = deployment.spec.strategy?.type === 'Recreate';
	if (isRecreating && !clear(rollout, history.old)) {
		report(rollout, true);
		return;
	}
	let newest: Workload;
	try {
		newest = keepNewest(client, deployment, history);
	} catch (error) {
		if (error instanceof StatusError) {
			report(rollout, false, { status: 'False', reason: 'ReplicaSetCreateError', message: error.message });
		}
		throw error;
	}
	if (history.newest === null) {
		const { name } = newest.metadata;
		if (replicasOf(newest) > 0) tellScaling(rollout, name, 0, replicasOf(newest));
		report(rollout, false, {
			status: 'True',
			reason: 'NewReplicaSetCreated',
			message: `Created new replica set "${name}"`,
		});
		loop.enqueue(key);
		return;
	}
	roll(rollout, newest, history.old);
	report(rollout, true);
	cleanUp(rollout, history.old);
	const wait = findTimeToDeadline(deployment, deployment.status?.conditions ?? [], clock.now());
	if (wait !== null) loop.enqueue(key, wait + 1000);
}

/** Somebody changed the number of replicas: told by what the ReplicaSets remember. */
function isScaled({ spec }: Deployment, { newest, old }: History): boolean {
	return [...old, ...(newest ? [newest] : [])].some((set) => {
		const desired = set.metadata.annotations?.[annotations.desired];
		return replicasOf(set) > 0 && desired !== undefined && Number(desired) !== spec.replicas;
	});
}

function roll(rollout: Rollout, newest: Workload, old: readonly Workload[]): void {
	const up = planNewest(rollout.deployment, newest, old);
	const steps = up ? [up] : planOld(rollout.deployment, newest, old);
	for (const step of steps) scale(rollout, step);
}

/** Of Recreate: whether all old Pods are gone, so that there may be new ones. */
function clear(rollout: Rollout, old: readonly Workload[]): boolean {
	const active = old.filter((set) => replicasOf(set) > 0);
	for (const set of active) scale(rollout, { set, replicas: 0 });
	const uids = new Set(old.map(({ metadata }) => metadata.uid));
	const pods = rollout.client.list<Pod>('pods', rollout.deployment.metadata.namespace ?? '');
	return !pods.some((pod) => uids.has(findController(pod)?.uid) && !isTerminalPhase(pod.status.phase));
}

function scale(rollout: Rollout, { set, replicas }: Scaling): void {
	const { client, deployment } = rollout;
	const { namespace = '', name } = set.metadata;
	const before = replicasOf(set);
	client.update<Workload>(replicaSets, namespace, name, (stored) => ({
		...stored,
		metadata: {
			...stored.metadata,
			annotations: {
				...stored.metadata.annotations,
				[annotations.desired]: String(deployment.spec.replicas),
				[annotations.max]: String(findMaxReplicas(deployment)),
			},
		},
		spec: { ...stored.spec, replicas },
	}));
	if (before !== replicas) tellScaling(rollout, name, before, replicas);
}

function tellScaling({ recorder, deployment }: Rollout, set: string, before: number, after: number): void {
	const direction = after > before ? 'up' : 'down';
	const message = `Scaled ${direction} replica set ${set} from ${before} to ${after}`;
	recorder.record(deployment, 'Normal', 'ScalingReplicaSet', message);
}

/** While it is paused, nobody should judge its progress. */
function tellPause(rollout: Rollout, isPaused: boolean): void {
	const progressing = rollout.deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
	const wasPaused = progressing?.reason === 'DeploymentPaused';
	if (isPaused && !wasPaused) {
		report(rollout, false, {
			status: 'Unknown',
			reason: 'DeploymentPaused',
			message: 'Deployment is paused',
		});
	} else if (!isPaused && wasPaused) {
		report(rollout, false, {
			status: 'Unknown',
			reason: 'DeploymentResumed',
			message: 'Deployment is resumed',
		});
	}
}

function report(
	{ client, clock, deployment }: Rollout,
	isRollout: boolean,
	news?: Parameters<typeof describeDeployment>[1]['news'],
): void {
	const { namespace = '', name } = deployment.metadata;
	const stored = client.get<Deployment>(deployments, namespace, name);
	if (stored === null) return;
	const history = readHistory(client, stored);
	const status = describeDeployment(stored, { history, now: clock.now(), isRollout, news });
	writeStatus(client, deployments, stored, status);
}

/** Once all is new, only so many old ReplicaSets are kept. */
function cleanUp({ client, deployment }: Rollout, old: readonly Workload[]): void {
	const conditions: WorkloadCondition[] = deployment.status?.conditions ?? [];
	if (!conditions.some(({ reason }) => reason === 'NewReplicaSetAvailable')) return;
	const limit = deployment.spec.revisionHistoryLimit ?? 10;
	const idle = old.filter(
		(set) => replicasOf(set) === 0 && Number(set.status?.replicas ?? 0) === 0 && !set.metadata.deletionTimestamp,
	);
	const surplus = [...idle]
		.sort((one, other) => revisionOf(one) - revisionOf(other))
		.slice(0, Math.max(0, idle.length - limit));
	for (const { metadata } of surplus) client.delete(replicaSets, metadata.namespace ?? '', metadata.name);
}
