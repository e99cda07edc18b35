/** How many replicas the ReplicaSets of a Deployment should have next: pure arithmetic (pkg/controller/deployment). */

import { scaleShare } from '../validation/number.ts';
import type { Workload } from './workload.ts';

export interface Deployment extends Workload {
	spec: Workload['spec'] & {
		replicas: number;
		paused?: boolean;
		strategy?: {
			type?: 'RollingUpdate' | 'Recreate';
			rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
		};
		progressDeadlineSeconds?: number;
		revisionHistoryLimit?: number;
	};
}

export interface Scaling {
	set: Workload;
	replicas: number;
}

export function findMaxReplicas(deployment: Deployment): number {
	return deployment.spec.replicas + findFenceposts(deployment).surge;
}

/** Surge is rounded up, unavailability down; both zero would be a standstill. */
export function findFenceposts({ spec }: Deployment): { surge: number; unavailable: number } {
	if (spec.strategy?.type === 'Recreate') return { surge: 0, unavailable: 0 };
	const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {};
	const surge = scaleShare(maxSurge, spec.replicas, Math.ceil);
	const unavailable = scaleShare(maxUnavailable, spec.replicas, Math.floor);
	const isStuck = surge === 0 && unavailable === 0;
	return { surge, unavailable: Math.min(isStuck ? 1 : unavailable, spec.replicas) };
}

export function replicasOf(set: Workload): number {
	return set.spec.replicas ?? 0;
}

function availableOf(set: Workload): number {
	return Number(set.status?.availableReplicas ?? 0);
}

function sum(sets: readonly Workload[], count: (set: Workload) => number): number {
	return sets.reduce((total, set) => total + count(set), 0);
}

/** The next step up; null: the new ReplicaSet is as it should be. */
export function planNewest(deployment: Deployment, newest: Workload, old: readonly Workload[]): Scaling | null {
	const wanted = deployment.spec.replicas;
	const current = replicasOf(newest);
	if (current === wanted) return null;
	if (current > wanted || deployment.spec.strategy?.type === 'Recreate') return { set: newest, replicas: wanted };
	const room = findMaxReplicas(deployment) - sum([...old, newest], replicasOf);
	return room <= 0 ? null : { set: newest, replicas: Math.min(wanted, current + room) };
}

/** The next steps down: first what is not healthy anyway, then as far as enough stay available. */
export function planOld(deployment: Deployment, newest: Workload, old: readonly Workload[]): Scaling[] {
	const active = old.filter((set) => replicasOf(set) > 0);
	const minAvailable = deployment.spec.replicas - findFenceposts(deployment).unavailable;
	const newUnavailable = replicasOf(newest) - availableOf(newest);
	const spare = sum([...old, newest], replicasOf) - minAvailable - newUnavailable;
	if (active.length === 0 || spare <= 0) return [];
	const planned = new Map(active.map((set) => [set, replicasOf(set)]));
	const lower = (budget: number, reducible: (set: Workload) => number) => {
		let left = budget;
		for (const [set, replicas] of planned) {
			const less = Math.max(0, Math.min(left, replicas, reducible(set)));
			planned.set(set, replicas - less);
			left -= less;
		}
	};
	lower(spare, (set) => replicasOf(set) - availableOf(set));
	lower(sum([...old, newest], availableOf) - minAvailable, () => Number.POSITIVE_INFINITY);
	return [...planned].flatMap(([set, replicas]) => (replicas === replicasOf(set) ? [] : [{ set, replicas }]));
}

/** A Deployment that was scaled in the middle of a rollout: everyone gets their share. */
export function planShares(deployment: Deployment, newest: Workload | null, old: readonly Workload[]): Scaling[] {
	const active = [...old, ...(newest ? [newest] : [])].filter((set) => replicasOf(set) > 0);
	const only = active.length <= 1 ? (active[0] ?? newest) : null;
	if (only)
		return replicasOf(only) === deployment.spec.replicas ? [] : [{ set: only, replicas: deployment.spec.replicas }];
	const total = sum(active, replicasOf);
	let left = findMaxReplicas(deployment) - total;
	const largestFirst = [...active].sort((one, other) => replicasOf(other) - replicasOf(one));
	const scalings = largestFirst.map((set) => {
		const share = Math.round((replicasOf(set) * findMaxReplicas(deployment)) / total) - replicasOf(set);
		const part = left > 0 ? Math.min(Math.max(share, 0), left) : Math.max(Math.min(share, 0), left);
		left -= part;
		return { set, replicas: replicasOf(set) + part };
	});
	const [first] = scalings;
	if (first) first.replicas = Math.max(0, first.replicas + left);
	return scalings.filter(({ set, replicas }) => replicas !== replicasOf(set));
}
