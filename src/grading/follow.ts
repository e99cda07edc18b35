/** Follows a live cluster: a report at first, and another one whenever a watch tells of something that changes it. */

import { setMaxListeners } from 'node:events';
import { type KubeClient, openCluster } from '../kube/client.ts';
import { KubeError, unreachableCode } from '../kube/kube-error.ts';
import type { Clock } from '../model/clock.ts';
import { LabError } from '../model/error.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';
import { passingReasons } from '../model/reason.ts';
import type { Report } from '../model/report.ts';
import type { Session } from '../model/session.ts';
import { openAccess } from '../observers/index.ts';
import { rememberReads } from '../observers/remembered-client.ts';
import { describeEvidence, lookAt, lookAtAll, readVersion } from './collect.ts';
import { judgeLab } from './judge.ts';
import { keyOf, planQueries } from './plan.ts';

export interface FollowOptions {
	lab: Lab;
	session: Session;
	clock: Clock;
	signal: AbortSignal;
	/** Also where nothing of it has changed but the time. */
	onReport(report: Report): void;
	/** Told once, when the cluster does not answer any more; the next report says that it does again. */
	onLost(problem: LabError): void;
}

/** Milliseconds between two tries to reach a cluster that was lost, from the first one on. */
const retries = [100, 250, 500, 1000];
/** Milliseconds between two questions whether the API server is there, while nothing else is heard of it. */
const heartbeat = 10_000;
/** Milliseconds after which time alone may change a verdict. */
const passing = 1000;
/** Milliseconds between two looks at what could not be looked at, such as a registry that is down. */
const blindness = [1000, 2000, 5000];

/** Never resolves; throws the signal's reason, or LabError where the kubeconfig is gone or cannot be used. */
export async function followLab(options: FollowOptions): Promise<never> {
	let tries = 0;
	for (;;) {
		try {
			await followUntilLost({
				...options,
				onReport(report) {
					tries = 0;
					options.onReport(report);
				},
			});
		} catch (error) {
			options.signal.throwIfAborted();
			const problem = error instanceof KubeError ? describeRefusal(error) : error;
			if (!(problem instanceof LabError) || problem.code !== unreachableCode) throw problem;
			if (tries === 0) options.onLost(problem);
			await options.clock.sleep(retries[Math.min(tries, retries.length - 1)] ?? 0, options.signal);
			tries += 1;
		}
	}
}

/** An API server that is only just starting answers that it cannot yet. */
function describeRefusal(cause: KubeError): LabError {
	return new LabError(
		{
			code: unreachableCode,
			message: `The API server answers, but not what it is asked: ${cause.message}`,
			remedy: 'kubeproctor status tells what is there.',
		},
		{ cause },
	);
}

async function followUntilLost({ lab, session, clock, onReport, ...options }: FollowOptions): Promise<never> {
	const over = new AbortController();
	const signal = AbortSignal.any([options.signal, over.signal]);
	setMaxListeners(0, signal);
	const client = await openCluster(session.cluster);
	const queries = planQueries(lab.tasks);
	const observations: Evidence['observations'] = {};
	/** Path → the queries whose answer rests on it. */
	const readers = new Map<string, Set<string>>();
	/** Queries whose answer may be another one now. */
	const stale = new Set(queries.keys());
	let wake: () => void = () => {};
	const remembered = rememberReads(client, {
		signal,
		onForget(path) {
			for (const key of readers.get(path) ?? []) stale.add(key);
			wake();
		},
	});
	try {
		return await Promise.race([remembered.ended, askWhetherItIsThere(client, clock, signal), judgeAgainAndAgain()]);
	} finally {
		over.abort(new Error('this look at the cluster is over'));
		client.close();
	}

	async function judgeAgainAndAgain(): Promise<never> {
		const version = await readVersion(client, signal);
		for (let looks = 0; ; ) {
			// What has changed meanwhile was seen half before and half after.
			for (let round = 0; round < 10 && stale.size > 0; round++) await observeStale();
			const report = judgeLab(lab, describeEvidence(lab, session, version, client.date, observations));
			signal.throwIfAborted();
			onReport(report);
			const isBlind = report.tasks.some(({ outcome }) => outcome === 'error');
			const limit = isBlind
				? blindness[Math.min(looks, blindness.length - 1)]
				: isPassing(report)
					? passing
					: undefined;
			const isOver = stale.size === 0 && (await awaitNews(limit));
			looks = isBlind && isOver ? looks + 1 : 0;
			if (looks > 0) for (const key of queries.keys()) stale.add(key);
		}
	}

	async function observeStale(): Promise<void> {
		const keys = new Set([...stale, ...listLogs(lab, stale)]);
		stale.clear();
		const { registries, images, controlNamespace } = session;
		const access = openAccess({ client: remembered, registries, images, controlNamespace, clock, signal });
		await lookAtAll(
			[...queries].filter(([key]) => keys.has(key)),
			async ([key, query]) => {
				const read = <T>(path: string) => {
					readers.set(path, (readers.get(path) ?? new Set()).add(key));
					return access.read<T>(path);
				};
				const observation = await lookAt(query, { ...access, read });
				// A lost cluster is told as such, and is no verdict about a task.
				if (!observation.ok && observation.code === unreachableCode) throw new LabError(observation);
				observations[key] = observation;
			},
		);
	}

	/** True: nothing has changed within so many milliseconds. */
	function awaitNews(limit: number | undefined): Promise<boolean> {
		const news = new Promise<boolean>((resolve) => {
			wake = () => resolve(false);
		});
		return limit === undefined ? news : Promise.race([news, clock.sleep(limit, signal).then(() => true)]);
	}
}

/** Never resolves; throws when it is not. A connection over which nothing comes may have been dead for long. */
async function askWhetherItIsThere(client: KubeClient, clock: Clock, signal: AbortSignal): Promise<never> {
	for (;;) {
		await clock.sleep(heartbeat, signal);
		await client.get('/version', { signal, timeout: heartbeat / 2 });
	}
}

/** A registry tells nobody of its requests, so its log is read again when what the same check looks at has changed. */
function listLogs({ tasks }: Lab, stale: ReadonlySet<string>): string[] {
	return tasks
		.flatMap(({ checks }) => checks.map((check) => Object.values(check.needs())))
		.filter((needs) => needs.some((query) => stale.has(keyOf(query))))
		.flatMap((needs) => needs.filter(({ kind }) => kind === 'pull-log').map(keyOf));
}

function isPassing({ tasks }: Report): boolean {
	return tasks.some(({ checks }) => checks.some(({ diagnosis }) => diagnosis && passingReasons.has(diagnosis.reason)));
}
