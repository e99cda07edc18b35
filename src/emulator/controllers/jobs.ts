/** Jobs: Pods until enough of them have succeeded, or too many have failed. */

import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import { StatusError } from '../status-error.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { type Counts, count, findEnd, findWait, type Job, judge, tracking } from './job-progress.ts';
import { findController, type Key, keyOfOwner, type Loop, startLoop } from './reconcile.ts';
import {
	claimPods,
	createPod,
	deletePod,
	isReady,
	omitZeros,
	type WorkloadCondition,
	writeStatus,
} from './workload.ts';

export const jobs = 'jobs.batch';

export function startJobs(client: ClusterClient, clock: TimerClock): Loop {
	const recorder = createEventRecorder(client, clock, { component: 'job-controller' });
	return startLoop({
		client,
		clock,
		types: [jobs, 'pods'],
		findKeys: (object) => keyOfOwner(object, 'Job'),
		reconcile(key, loop) {
			const job = client.get<Job>(jobs, key.namespace, key.name);
			if (job === null) return letGoOfOrphans(client, key);
			const pods = claimPods(client, job);
			if (job.metadata.deletionTimestamp) {
				for (const pod of pods) letGo(client, pod);
				return;
			}
			if (findEnd(job)) expire({ client, clock, job, key, loop });
			else work({ client, clock, recorder, job, pods, key, loop });
		},
	});
}

interface Turn {
	client: ClusterClient;
	clock: TimerClock;
	recorder: EventRecorder;
	job: Job;
	pods: readonly Pod[];
	key: Key;
	loop: Loop;
}

function work(turn: Turn): void {
	const { client, clock, recorder, job, pods } = turn;
	const counts = count(job, pods);
	for (const pod of pods) if (isTerminalPhase(pod.status.phase)) letGo(client, pod);
	const now = clock.now();
	const end = judge(job, counts, now);
	if (end !== null) {
		for (const pod of counts.active) deletePod(client, recorder, job, pod);
		report(turn, counts, end);
		if (end.type === 'Complete') recorder.record(job, 'Normal', 'Completed', 'Job completed');
		else recorder.record(job, 'Warning', end.reason ?? '', end.message ?? '');
		return;
	}
	const wait = job.spec.suspend ? null : findWait(counts, now);
	if (job.spec.suspend) for (const pod of counts.active) deletePod(client, recorder, job, pod);
	if (wait === 0) makePods(turn, counts);
	else if (wait !== null) turn.loop.enqueue(turn.key, wait);
	report(turn, counts, null);
	const { activeDeadlineSeconds } = job.spec;
	const started = Date.parse(String(job.status?.startTime ?? '')) || now.getTime();
	if (activeDeadlineSeconds !== undefined) {
		turn.loop.enqueue(turn.key, Math.max(1, started + activeDeadlineSeconds * 1000 - now.getTime()));
	}
}

function makePods({ client, recorder, job }: Turn, counts: Counts): void {
	const { parallelism = 1, completions } = job.spec;
	const isEndless = completions === undefined;
	const room =
		isEndless && counts.succeeded > 0
			? 0
			: Math.min(parallelism, isEndless ? parallelism : completions - counts.succeeded);
	for (const pod of counts.active.slice(Math.max(0, room))) deletePod(client, recorder, job, pod);
	for (let made = counts.active.length; made < room; made++) {
		counts.active.push(createPod({ client, recorder, owner: job, metadata: { finalizers: [tracking] } }));
	}
}

/** Nobody counts the Pods of a Job that is gone. */
function letGoOfOrphans(client: ClusterClient, { namespace, name }: Key): void {
	for (const pod of client.list<Pod>('pods', namespace)) {
		const owner = findController(pod);
		if (owner?.kind === 'Job' && owner.name === name) letGo(client, pod);
	}
}

/** Its Pods were counted: they may be deleted. */
function letGo(client: ClusterClient, { metadata: { namespace = '', name, finalizers = [] } }: Pod): void {
	if (!finalizers.includes(tracking)) return;
	client.update<Pod>('pods', namespace, name, (stored) => {
		const { finalizers: all = [], ...metadata } = stored.metadata;
		const left = all.filter((finalizer) => finalizer !== tracking);
		return { ...stored, metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) } };
	});
}

function report(
	{ client, clock, job }: Turn,
	{ active, succeeded, failed }: Counts,
	end: WorkloadCondition | null,
): void {
	const now = formatTime(clock.now());
	const stamp = { lastProbeTime: now, lastTransitionTime: now };
	// Kubernetes first says that it is about to end, so that nobody counts Pods that are still stopping.
	const first = end && { ...end, type: end.type === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet', ...stamp };
	const conditions = end && first ? [first, { ...end, ...stamp }] : describeSuspension(job, stamp);
	const live = end === null ? active : [];
	writeStatus(client, jobs, job, {
		...omitZeros({ active: live.length, failed, succeeded }),
		...(end?.type === 'Complete' && { completionTime: now }),
		...(conditions.length > 0 && { conditions }),
		ready: live.filter(isReady).length,
		...(!job.spec.suspend && { startTime: job.status?.startTime ?? now }),
		terminating: claimPods(client, job).filter(
			(pod) => pod.metadata.deletionTimestamp && !isTerminalPhase(pod.status.phase),
		).length,
		uncountedTerminatedPods: {},
	});
}

function describeSuspension({ spec, status }: Job, stamp: object): WorkloadCondition[] {
	const before = status?.conditions?.find(({ type }) => type === 'Suspended');
	if (!spec.suspend) {
		if (!before) return status?.conditions ?? [];
		if (before.status === 'False') return [before];
		return [{ type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed', ...stamp }];
	}
	if (before?.status === 'True') return [before];
	return [{ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended', ...stamp }];
}

/** `ttlSecondsAfterFinished` */
function expire({ client, clock, job, key, loop }: Pick<Turn, 'client' | 'clock' | 'job' | 'key' | 'loop'>): void {
	const { ttlSecondsAfterFinished: ttl } = job.spec;
	const since = Date.parse(findEnd(job)?.lastTransitionTime ?? '');
	for (const pod of claimPods(client, job)) letGo(client, pod);
	if (ttl === undefined || Number.isNaN(since)) return;
	const wait = since + ttl * 1000 - clock.now().getTime();
	if (wait > 0) {
		loop.enqueue(key, wait);
		return;
	}
	try {
		client.delete(jobs, key.namespace, key.name, { propagationPolicy: 'Foreground' });
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
	}
}
