/** A Deployment's status: counts, and whether its rollout gets on (pkg/controller/deployment/progress.go). */

import { formatTime } from '../time.ts';
import type { History } from './revisions.ts';
import { type Deployment, findFenceposts, replicasOf } from './rollout.ts';
import { omitZeros, type Workload, type WorkloadCondition } from './workload.ts';

/** What `progressDeadlineSeconds` is where there shall be none. */
const noDeadline = 2 ** 31 - 1;

interface Counts {
	replicas: number;
	updatedReplicas: number;
	readyReplicas: number;
	availableReplicas: number;
	unavailableReplicas: number;
	terminatingReplicas: number;
}

export interface StatusWish {
	history: History;
	now: Date;
	/** During a rollout progress is judged; a mere scaling is none. */
	isRollout: boolean;
	/** Something that just happened. */
	news?: { status: 'True' | 'False' | 'Unknown'; reason: string; message: string } | undefined;
}

export function describeDeployment(deployment: Deployment, { history, now, isRollout, news }: StatusWish) {
	const counts = count(history);
	const { unavailable } = findFenceposts(deployment);
	const { collisionCount } = deployment.status ?? {};
	const conditions = new Conditions(deployment.status?.conditions ?? [], formatTime(now));
	const isAvailable = counts.availableReplicas >= deployment.spec.replicas - unavailable;
	conditions.set(
		isAvailable
			? {
					type: 'Available',
					status: 'True',
					reason: 'MinimumReplicasAvailable',
					message: 'Deployment has minimum availability.',
				}
			: {
					type: 'Available',
					status: 'False',
					reason: 'MinimumReplicasUnavailable',
					message: 'Deployment does not have minimum availability.',
				},
	);
	if (news) conditions.set({ type: 'Progressing', ...news });
	if (isRollout) judgeProgress(deployment, history.newest, counts, conditions, now);
	const failure = [history.newest, ...history.old]
		.flatMap((set) => set?.status?.conditions ?? [])
		.find(({ type }) => type === 'ReplicaFailure');
	if (failure) conditions.set(failure);
	else conditions.remove('ReplicaFailure');
	const { terminatingReplicas, ...shown } = counts;
	return {
		...omitZeros({ ...shown, observedGeneration: deployment.metadata.generation ?? 1 }),
		terminatingReplicas,
		conditions: conditions.list,
		...(collisionCount !== undefined && { collisionCount }),
	};
}

function count({ newest, old }: History): Counts {
	const all = newest ? [...old, newest] : old;
	const sum = (field: string) => all.reduce((total, { status }) => total + Number(status?.[field] ?? 0), 0);
	const availableReplicas = sum('availableReplicas');
	const total = all.reduce((replicas, set) => replicas + replicasOf(set), 0);
	return {
		replicas: sum('replicas'),
		updatedReplicas: Number(newest?.status?.replicas ?? 0),
		readyReplicas: sum('readyReplicas'),
		availableReplicas,
		unavailableReplicas: Math.max(0, total - availableReplicas),
		terminatingReplicas: sum('terminatingReplicas'),
	};
}

function judgeProgress(
	deployment: Deployment,
	newest: Workload | null,
	counts: Counts,
	conditions: Conditions,
	now: Date,
): void {
	const { replicas, progressDeadlineSeconds: deadline = noDeadline } = deployment.spec;
	if (deadline === noDeadline) conditions.remove('Progressing');
	const current = conditions.find('Progressing');
	const isOver = counts.replicas === counts.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
	if (deadline === noDeadline || isOver) return;
	const subject = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
	const isComplete =
		counts.updatedReplicas === replicas && counts.replicas === replicas && counts.availableReplicas === replicas;
	if (isComplete) {
		const message = `${subject} has successfully progressed.`;
		conditions.set({ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message });
	} else if (hasProgressed(deployment, counts)) {
		const message = `${subject} is progressing.`;
		conditions.renew({ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message });
	} else if (findTimeToDeadline(deployment, conditions.list, now) === 0) {
		const message = `${subject} has timed out progressing.`;
		conditions.set({ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message });
	}
}

function hasProgressed({ status = {} }: Deployment, counts: Counts): boolean {
	const before = (field: keyof Counts) => Number(status[field] ?? 0);
	return (
		counts.updatedReplicas > before('updatedReplicas') ||
		counts.replicas - counts.updatedReplicas < before('replicas') - before('updatedReplicas') ||
		counts.readyReplicas > before('readyReplicas') ||
		counts.availableReplicas > before('availableReplicas')
	);
}

/** Milliseconds; null: nothing is waited for. */
export function findTimeToDeadline(
	{ spec }: Deployment,
	conditions: readonly WorkloadCondition[],
	now: Date,
): number | null {
	const { progressDeadlineSeconds: deadline = noDeadline } = spec;
	const progressing = conditions.find(({ type }) => type === 'Progressing');
	if (deadline === noDeadline || progressing === undefined) return null;
	if (progressing.reason === 'NewReplicaSetAvailable') return null;
	if (progressing.reason === 'ProgressDeadlineExceeded') return null;
	const since = Date.parse(progressing.lastUpdateTime ?? '') || 0;
	return Math.max(0, since + deadline * 1000 - now.getTime());
}

/** A list of conditions, in which each knows when it turned. */
class Conditions {
	list: WorkloadCondition[];
	readonly #now: string;

	constructor(list: readonly WorkloadCondition[], now: string) {
		this.list = [...list];
		this.#now = now;
	}

	find(type: string): WorkloadCondition | undefined {
		return this.list.find((condition) => condition.type === type);
	}

	/** Nothing happens where status and reason are the same already. */
	set(condition: WorkloadCondition): void {
		const before = this.find(condition.type);
		if (before?.status === condition.status && before.reason === condition.reason) return;
		this.renew(condition);
	}

	renew(condition: WorkloadCondition): void {
		const before = this.find(condition.type);
		const isSame = before?.status === condition.status;
		const lastTransitionTime = (isSame && before.lastTransitionTime) || this.#now;
		this.remove(condition.type);
		this.list.push({ ...condition, lastTransitionTime, lastUpdateTime: this.#now });
	}

	remove(type: string): void {
		this.list = this.list.filter((condition) => condition.type !== type);
	}
}
