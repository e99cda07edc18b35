/** CronJobs: a Job whenever its time comes. */

import type { ClusterClient } from '../cluster-client.ts';
import { type CronSchedule, parseSchedule } from '../cron.ts';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { findEnd, type Job } from './job-progress.ts';
import { jobs } from './jobs.ts';
import { isControlledBy, type Key, keyOfOwner, type Loop, referTo, startLoop } from './reconcile.ts';
import { writeStatus } from './workload.ts';

const cronJobs = 'cronjobs.batch';

interface CronJob extends KubeObject {
	spec: {
		schedule: string;
		suspend?: boolean;
		concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
		startingDeadlineSeconds?: number;
		successfulJobsHistoryLimit?: number;
		failedJobsHistoryLimit?: number;
		jobTemplate: { metadata?: KubeObject['metadata']; spec: Job['spec'] };
	};
	status?: {
		active?: { name: string; uid?: string | undefined; [field: string]: unknown }[];
		lastScheduleTime?: string;
		lastSuccessfulTime?: string;
	};
}

interface Turn {
	client: ClusterClient;
	clock: TimerClock;
	recorder: EventRecorder;
	cron: CronJob;
}

export function startCronJobs(client: ClusterClient, clock: TimerClock): Loop {
	const recorder = createEventRecorder(client, clock, { component: 'cronjob-controller' });
	return startLoop({
		client,
		clock,
		types: [cronJobs, jobs],
		findKeys: (object) => keyOfOwner(object, 'CronJob'),
		reconcile(key, loop) {
			const cron = client.get<CronJob>(cronJobs, key.namespace, key.name);
			if (cron === null || cron.metadata.deletionTimestamp) return;
			look({ client, clock, recorder, cron }, key, loop);
		},
	});
}

function look(turn: Turn, key: Key, loop: Loop): void {
	const { client, clock, recorder, cron } = turn;
	const owned = client.list<Job>(jobs, key.namespace).filter((job) => isControlledBy(job, cron));
	followJobs(turn, owned);
	if (cron.spec.suspend) return;
	const schedule = parseSchedule(cron.spec.schedule);
	if (typeof schedule === 'string') {
		recorder.record(cron, 'Warning', 'UnparseableSchedule', `unparseable schedule: "${cron.spec.schedule}"`);
		return;
	}
	const now = clock.now();
	const due = findDue(cron, schedule, now);
	if (due !== null) start(turn, due, owned);
	const next = schedule.next(now);
	if (next !== null) loop.enqueue(key, next.getTime() - now.getTime());
}

/** The last time that has come since it was last looked at; missed ones before it are gone. */
function findDue({ spec, status, metadata }: CronJob, schedule: CronSchedule, now: Date): Date | null {
	const since = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? '');
	const deadline = spec.startingDeadlineSeconds === undefined ? 0 : now.getTime() - spec.startingDeadlineSeconds * 1000;
	let due: Date | null = null;
	for (let next = schedule.next(new Date(Math.max(since, deadline))); next && next <= now; next = schedule.next(next))
		due = next;
	return due;
}

function start({ client, recorder, cron, clock }: Turn, due: Date, owned: readonly Job[]): void {
	const { namespace = '', name } = cron.metadata;
	const active = owned.filter((job) => !findEnd(job));
	if (cron.spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
		const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
		recorder.record(cron, 'Normal', 'JobAlreadyActive', message);
		return;
	}
	if (cron.spec.concurrencyPolicy === 'Replace') for (const job of active) remove({ client, recorder, cron }, job);
	const { jobTemplate } = cron.spec;
	const job = {
		apiVersion: 'batch/v1',
		kind: 'Job',
		metadata: {
			name: `${name}-${Math.floor(due.getTime() / 60_000)}`,
			...(jobTemplate.metadata?.labels && { labels: jobTemplate.metadata.labels }),
			annotations: {
				...jobTemplate.metadata?.annotations,
				'batch.kubernetes.io/cronjob-scheduled-timestamp': formatTime(due),
			},
			ownerReferences: [referTo(cron)],
		},
		spec: jobTemplate.spec,
	};
	try {
		const created = client.create<Job>(jobs, namespace, job);
		recorder.record(cron, 'Normal', 'SuccessfulCreate', `Created job ${created.metadata.name}`);
		const { apiVersion, kind, metadata } = created;
		const reference = {
			apiVersion,
			kind,
			name: metadata.name,
			namespace,
			resourceVersion: metadata.resourceVersion,
			uid: metadata.uid,
		};
		report(
			{ client, cron, clock },
			{ active: [...(cron.status?.active ?? []), reference], lastScheduleTime: formatTime(due) },
		);
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
		if (error.reason === 'AlreadyExists') return;
		recorder.record(cron, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
		throw error;
	}
}

/** Tells of Jobs that have ended, and keeps so many of them. */
function followJobs({ client, clock, recorder, cron }: Turn, owned: readonly Job[]): void {
	const active = cron.status?.active ?? [];
	const left = active.filter(({ uid, name }) => {
		const job = owned.find(({ metadata }) => metadata.uid === uid);
		const end = job && findEnd(job);
		if (!job) recorder.record(cron, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
		if (end) recorder.record(cron, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end.type}`);
		return job && !end;
	});
	const ends = owned.map((job) => String(job.status?.completionTime ?? '')).sort();
	const lastSuccessfulTime = ends.at(-1);
	if (left.length !== active.length)
		report({ client, cron, clock }, { active: left, ...(lastSuccessfulTime && { lastSuccessfulTime }) });
	for (const [type, limit] of [
		['Complete', cron.spec.successfulJobsHistoryLimit ?? 3],
		['Failed', cron.spec.failedJobsHistoryLimit ?? 1],
	] as const) {
		const ended = owned.filter((job) => findEnd(job)?.type === type && !job.metadata.deletionTimestamp);
		const oldestFirst = ended.sort((one, other) =>
			String(one.status?.startTime) < String(other.status?.startTime) ? -1 : 1,
		);
		for (const job of oldestFirst.slice(0, Math.max(0, ended.length - limit))) remove({ client, recorder, cron }, job);
	}
}

function remove({ client, recorder, cron }: Pick<Turn, 'client' | 'recorder' | 'cron'>, { metadata }: Job): void {
	client.delete(jobs, metadata.namespace ?? '', metadata.name, { propagationPolicy: 'Background' });
	recorder.record(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`);
}

function report(
	{ client, cron }: Pick<Turn, 'client' | 'cron' | 'clock'>,
	changed: NonNullable<CronJob['status']>,
): void {
	const { namespace = '', name } = cron.metadata;
	const stored = client.get<CronJob>(cronJobs, namespace, name);
	if (stored === null) return;
	const { active, ...others } = { ...stored.status, ...changed };
	writeStatus(client, cronJobs, stored, { ...(active?.length && { active }), ...others });
}
