/** How far a Job has got: what counts, when it has ended, and when the next Pod may be made. */

import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import type { Workload, WorkloadCondition } from './workload.ts';

/** The finalizer that keeps a Pod until it was counted. */
export const tracking = 'batch.kubernetes.io/job-tracking';

/* Milliseconds between a failure and the next Pod: doubling. */
const firstRetry = 10_000;
const longestRetry = 600_000;

export interface Job extends Workload {
	spec: Workload['spec'] & {
		completions?: number;
		parallelism?: number;
		backoffLimit?: number;
		activeDeadlineSeconds?: number;
		ttlSecondsAfterFinished?: number;
		suspend?: boolean;
	};
}

export interface Counts {
	active: Pod[];
	succeeded: number;
	failed: number;
	lastFailure: number;
}

/** Pods that were counted stay counted, though they were deleted since. */
export function count(job: Job, pods: readonly Pod[]): Counts {
	const isTracked = ({ metadata }: Pod) => metadata.finalizers?.includes(tracking) ?? false;
	const ended = pods.filter((pod) => isTerminalPhase(pod.status.phase) && isTracked(pod));
	const succeeded = ended.filter(({ status }) => status.phase === 'Succeeded');
	const failed = ended.filter(({ status }) => status.phase === 'Failed');
	const ends = pods.filter(({ status }) => status.phase === 'Failed').map(findEndOfPod);
	return {
		active: pods.filter((pod) => !isTerminalPhase(pod.status.phase) && pod.metadata.deletionTimestamp === undefined),
		succeeded: Number(job.status?.succeeded ?? 0) + succeeded.length,
		failed: Number(job.status?.failed ?? 0) + failed.length,
		lastFailure: Math.max(0, ...ends),
	};
}

function findEndOfPod({ status }: Pod): number {
	const ends = (status.containerStatuses ?? []).map(({ state }) => Date.parse(state.terminated?.finishedAt ?? '') || 0);
	return Math.max(0, ...ends);
}

export function judge(
	{ spec, status }: Job,
	{ active, succeeded, failed }: Counts,
	now: Date,
): WorkloadCondition | null {
	const { backoffLimit = 6, completions, activeDeadlineSeconds } = spec;
	const restarts = active
		.flatMap((pod) => pod.status.containerStatuses ?? [])
		.reduce((sum, { restartCount }) => sum + restartCount, 0);
	const started = Date.parse(String(status?.startTime ?? '')) || now.getTime();
	const isOnFailure = spec.template.spec.restartPolicy === 'OnFailure';
	if (failed > backoffLimit || (isOnFailure && restarts > 0 && restarts >= backoffLimit)) {
		return {
			type: 'Failed',
			status: 'True',
			reason: 'BackoffLimitExceeded',
			message: 'Job has reached the specified backoff limit',
		};
	}
	if (activeDeadlineSeconds !== undefined && now.getTime() - started >= activeDeadlineSeconds * 1000) {
		return {
			type: 'Failed',
			status: 'True',
			reason: 'DeadlineExceeded',
			message: 'Job was active longer than specified deadline',
		};
	}
	// Without a number, one success is enough once all others have ended.
	const isComplete = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
	if (!isComplete) return null;
	return {
		type: 'Complete',
		status: 'True',
		reason: 'CompletionsReached',
		message: 'Reached expected number of succeeded pods',
	};
}

/** Milliseconds until another Pod may be made. */
export function findWait({ failed, lastFailure }: Counts, now: Date): number {
	if (failed === 0 || lastFailure === 0) return 0;
	return Math.max(0, lastFailure + Math.min(firstRetry * 2 ** (failed - 1), longestRetry) - now.getTime());
}

export function findEnd({ status }: Job): WorkloadCondition | undefined {
	return status?.conditions?.find(
		({ type, status: state }) => (type === 'Complete' || type === 'Failed') && state === 'True',
	);
}
