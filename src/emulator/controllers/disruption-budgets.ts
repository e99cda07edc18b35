/** PodDisruptionBudgets: how many of the Pods that they select may be evicted (pkg/controller/disruption). */

import type { ClusterClient } from '../cluster-client.ts';
import type { Pod } from '../kubelet/pod.ts';
import { type LabelSelector, selects } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { scaleShare } from '../validation/number.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { findController, keyOf, type Loop, startLoop } from './reconcile.ts';
import { isReady, type Workload, writeStatus } from './workload.ts';

const budgetType = 'poddisruptionbudgets.policy';

/** Milliseconds within which a Pod that was evicted has to go. */
const deletionTimeout = 120_000;

interface Budget extends KubeObject {
	spec?: { selector?: LabelSelector; minAvailable?: number | string; maxUnavailable?: number | string };
	status?: { disruptedPods?: Record<string, string>; conditions?: BudgetCondition[] };
}

interface BudgetCondition {
	type: string;
	status: string;
	reason: string;
	message: string;
	lastTransitionTime: string;
	observedGeneration?: number;
}

export function startDisruptionBudgets(client: ClusterClient, clock: TimerClock): Loop {
	const recorder = createEventRecorder(client, clock, { component: 'controllermanager' });
	return startLoop({
		client,
		clock,
		types: [budgetType, 'pods'],
		findKeys: (object, change) => {
			if (object.kind !== 'Pod') return change?.type === 'DELETED' ? [] : [keyOf(object)];
			const { labels, namespace = '' } = object.metadata;
			const budgets = client.list<Budget>(budgetType, namespace);
			return budgets.filter(({ spec }) => selects(spec?.selector, labels)).map(keyOf);
		},
		reconcile(key, loop) {
			const budget = client.get<Budget>(budgetType, key.namespace, key.name);
			if (budget === null) return;
			const wait = judge(client, clock, recorder, budget);
			if (wait !== null) loop.enqueue(key, wait);
		},
	});
}

/** Milliseconds until it has to be looked at again; null: not before something changes. */
function judge(client: ClusterClient, clock: TimerClock, recorder: EventRecorder, budget: Budget): number | null {
	const { metadata, spec = {}, status } = budget;
	const all = client.list<Pod>('pods', metadata.namespace ?? '');
	const pods = all.filter((pod) => selects(spec.selector, pod.metadata.labels));
	if (pods.length === 0) recorder.record(budget, 'Normal', 'NoPods', 'No matching pods found');
	const now = clock.now().getTime();
	const disrupted = pods.flatMap(({ metadata: { name, deletionTimestamp } }) => {
		const since = deletionTimestamp === undefined ? status?.disruptedPods?.[name] : undefined;
		return since !== undefined && Date.parse(since) + deletionTimeout >= now ? [[name, since] as const] : [];
	});
	const goes = new Set(disrupted.map(([name]) => name));
	const healthy = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod));
	const currentHealthy = healthy.filter((pod) => !goes.has(pod.metadata.name)).length;
	const { expectedPods, desiredHealthy } = findExpected(client, spec, pods);
	const allowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
	const observedGeneration = metadata.generation ?? 0;
	writeStatus(client, budgetType, budget, {
		observedGeneration,
		...(disrupted.length > 0 && { disruptedPods: Object.fromEntries(disrupted) }),
		disruptionsAllowed: allowed,
		currentHealthy,
		desiredHealthy,
		expectedPods,
		conditions: [describeAllowance(status?.conditions, allowed > 0, observedGeneration, formatTime(clock.now()))],
	});
	const ends = disrupted.map(([, since]) => Date.parse(since) + deletionTimeout - now);
	return ends.length > 0 ? Math.max(1, Math.min(...ends)) : null;
}

function describeAllowance(
	conditions: readonly BudgetCondition[] = [],
	isAllowed: boolean,
	observedGeneration: number,
	time: string,
): BudgetCondition {
	const type = 'DisruptionAllowed';
	const before = conditions.find((condition) => condition.type === type);
	const status = isAllowed ? 'True' : 'False';
	return {
		type,
		status,
		observedGeneration,
		lastTransitionTime: before?.status === status ? before.lastTransitionTime : time,
		reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
		message: '',
	};
}

/** A share is one of what the Pods' controllers want; a number of Pods is just that. */
function findExpected(
	client: ClusterClient,
	{ minAvailable, maxUnavailable }: NonNullable<Budget['spec']>,
	pods: Pod[],
) {
	if (maxUnavailable !== undefined) {
		const expectedPods = countWanted(client, pods);
		return {
			expectedPods,
			desiredHealthy: Math.max(0, expectedPods - scaleShare(maxUnavailable, expectedPods, Math.ceil)),
		};
	}
	if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable };
	const expectedPods = countWanted(client, pods);
	return {
		expectedPods,
		desiredHealthy: minAvailable === undefined ? 0 : scaleShare(minAvailable, expectedPods, Math.ceil),
	};
}

const controllers: Readonly<Record<string, TypeName>> = {
	ReplicaSet: 'replicasets.apps',
	StatefulSet: 'statefulsets.apps',
	ReplicationController: 'replicationcontrollers',
};

/** Of a Deployment's ReplicaSet the Deployment counts. */
function countWanted(client: ClusterClient, pods: readonly Pod[]): number {
	const wanted = new Map<string, number>();
	for (const pod of pods) {
		const namespace = pod.metadata.namespace ?? '';
		const reference = findController(pod);
		const type = controllers[reference?.kind ?? ''];
		const owner = type && reference ? client.get<Workload>(type, namespace, reference.name) : null;
		const above = owner && findController(owner);
		const deployment =
			above?.kind === 'Deployment' ? client.get<Workload>('deployments.apps', namespace, above.name) : null;
		const counted = deployment ?? owner;
		if (counted) wanted.set(counted.metadata.uid ?? '', counted.spec.replicas ?? 1);
	}
	return [...wanted.values()].reduce((sum, each) => sum + each, 0);
}
