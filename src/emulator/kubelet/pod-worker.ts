/** Looks after one Pod on the node, from its first sync until it is gone (pkg/kubelet/pod_workers.go). */

import type { ClusterClient } from '../cluster-client.ts';
import type { EventRecorder } from '../controllers/event-recorder.ts';
import { StatusError } from '../status-error.ts';
import type { TimerClock } from '../timers.ts';
import type { BackOff } from './back-off.ts';
import type { ImageStore } from './ensure-image.ts';
import { createTimers } from './named-timers.ts';
import { isTerminalPhase, nameField, type Pod, type PodStatus } from './pod.ts';
import { findStartable, findUnhealthy } from './pod-actions.ts';
import {
	discardOldContainers,
	endContainer,
	listRunning,
	type PodRuntime,
	type RuntimeContainer,
} from './pod-runtime.ts';
import { describePod, overdue } from './pod-status.ts';
import { createProbes } from './probes.ts';
import { findPullSecrets } from './pull-secrets.ts';
import { restoreRuntime } from './restore.ts';
import { foreseeRun } from './run.ts';
import { startContainer } from './start-container.ts';
import { findMountFaults } from './volumes.ts';

/** What all Pods of a node share. */
export interface NodeContext {
	client: ClusterClient;
	clock: TimerClock;
	recorder: EventRecorder;
	store: ImageStore;
	/** Of containers that end. */
	restarts: BackOff;
	addresses: readonly string[];
	/** Makes a sandbox; resolves to the Pod's address. */
	makeSandbox(): Promise<string>;
	/** Milliseconds until it is noticed what has become of containers. */
	relistPeriod: number;
}

export interface PodWorker {
	readonly runtime: PodRuntime;
	/** The Pod was changed by somebody else. */
	update(pod: Pod): void;
	/** The Pod is no longer there: whatever is left of it is stopped. */
	drop(): void;
	stop(): void;
}

/* Milliseconds. */
/** Of a container that was stopped it is noticed no sooner than that. */
const noticing = 1000;
/** After a sync that failed, and after one that did not: up to half as much again. */
const retryPeriod = 10_000;
const resyncPeriod = 60_000;
const firstMountRetry = 500;
const longestMountRetry = 122_000;
/** How long a container takes to stop when it is asked to; the sample image's takes less than a second. */
const stopping = 1000;

export function createPodWorker(context: NodeContext, first: Pod): PodWorker {
	const { client, clock, recorder } = context;
	const runtime = restoreRuntime(first);
	let pod = first;
	let isBusy = false;
	let isPending = false;
	let isStopped = false;
	let isDeleting = false;
	let mountRetry = firstMountRetry;
	const timers = createTimers(clock);
	const probes = createProbes({
		runtime,
		timers: { ...timers, set: schedule },
		recorder,
		getPod: () => pod,
		now: () => clock.now(),
		onChange: wake,
	});

	/** What the API server refuses is tried again with the next sync. */
	function schedule(name: string, ms: number, action: () => void): void {
		timers.set(name, ms, () => {
			try {
				action();
			} catch (error) {
				retry(error);
			}
		});
	}

	function retry(error: unknown): void {
		if (!(error instanceof StatusError)) throw error;
		isDeleting = false;
		if (!isStopped) schedule('retry', retryPeriod, wake);
	}

	/** What happens to containers is seen at the next relist, and several things at once. */
	function notice(): void {
		if (!timers.has('notice')) schedule('notice', context.relistPeriod, wake);
	}

	/** Syncs never overlap; a wish that comes while one is under way is granted once, after it. */
	function wake(): void {
		if (isStopped) return;
		isPending = true;
		if (isBusy) return;
		isBusy = true;
		void work()
			.catch(retry)
			.finally(() => {
				isBusy = false;
				if (isPending) wake();
			});
	}

	async function work(): Promise<void> {
		// Whoever is being told of a change must hear of it before anything new is written.
		await Promise.resolve();
		while (isPending && !isStopped) {
			isPending = false;
			if (pod.metadata.deletionTimestamp !== undefined) terminate();
			else if (!runtime.isEnding) await sync();
		}
	}

	async function sync(): Promise<void> {
		const left = findTimeToDeadline();
		if (left === 0) missDeadline();
		else if (left !== null) schedule('deadline', left, wake);
		const status = writeStatus();
		discardOldContainers(runtime);
		if (runtime.isOverdue || isTerminalPhase(describePhase(status))) return finish();
		const { found: secrets, missing } = findPullSecrets(client, pod);
		if (missing.length > 0) {
			const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
			recorder.record(pod, 'Warning', 'FailedToRetrieveImagePullSecret', message);
		}
		if (runtime.ip === null && !(await prepare())) return;
		probes.start();
		const killed = await killUnhealthy();
		if (pod.metadata.deletionTimestamp === undefined) await startContainers(secrets, killed);
	}

	/** Milliseconds; null: there is no deadline. */
	function findTimeToDeadline(): number | null {
		const { activeDeadlineSeconds } = pod.spec;
		const since = Date.parse(pod.status.startTime ?? '');
		if (activeDeadlineSeconds === undefined || Number.isNaN(since)) return null;
		return Math.max(0, since + activeDeadlineSeconds * 1000 - clock.now().getTime());
	}

	function missDeadline(): void {
		runtime.isOverdue = true;
		recorder.record(pod, 'Normal', overdue.reason, overdue.message);
	}

	/** The phase that the containers amount to, which the status may not show yet. */
	function describePhase(status: PodStatus): PodStatus['phase'] {
		const reason = status.conditions?.find(({ type }) => type === 'ContainersReady')?.reason;
		if (reason === 'PodFailed') return 'Failed';
		return reason === 'PodCompleted' ? 'Succeeded' : status.phase;
	}

	/** Volumes and sandbox. */
	async function prepare(): Promise<boolean> {
		const faults = findMountFaults(client, pod);
		for (const fault of faults) recorder.record(pod, 'Warning', 'FailedMount', fault);
		if (faults.length > 0) {
			schedule('sync', mountRetry, wake);
			mountRetry = Math.min(mountRetry * 2, longestMountRetry);
			return false;
		}
		const ip = await context.makeSandbox();
		if (isStopped) return false;
		runtime.ip = ip;
		notice();
		return true;
	}

	/** Gives back which of them are to be started again at once. */
	async function killUnhealthy(): Promise<ReadonlySet<string>> {
		const unhealthy = findUnhealthy(pod, runtime);
		for (const { name, message } of unhealthy) recordKilling(name, message);
		if (unhealthy.length > 0) {
			await new Promise<void>((resolve) => schedule('kill', stopping, resolve));
			endAll(unhealthy);
			notice();
		}
		return new Set(unhealthy.filter(({ isToRestart }) => isToRestart).map(({ name }) => name));
	}

	async function startContainers(
		secrets: ReturnType<typeof findPullSecrets>['found'],
		killed: ReadonlySet<string>,
	): Promise<void> {
		const retries: number[] = [];
		let hasFailed = false;
		for (const { container, fieldPath } of findStartable(pod, runtime, killed)) {
			if (isStopped) return;
			const start = { ...context, pod, runtime, secrets, killed, endAfter };
			const before = runtime.containers.get(container.name)?.[0];
			const failure = await startContainer(start, container, fieldPath);
			if (runtime.containers.get(container.name)?.[0] !== before) notice();
			if (failure === null) {
				runtime.failures.delete(container.name);
				continue;
			}
			hasFailed = true;
			runtime.failures.set(container.name, failure);
			if (failure.retryAt !== undefined) retries.push(failure.retryAt - clock.now().getTime());
		}
		const wait = hasFailed
			? Math.max(0, Math.min(...retries, retries.length > 0 ? resyncPeriod : retryPeriod))
			: resyncPeriod;
		schedule('sync', wait * (1 + Math.random() / 2), wake);
	}

	function endAfter(container: Parameters<typeof endContainer>[0], ms: number, exitCode: number): void {
		schedule(container.id, ms, () => {
			if (container.end !== null) return;
			endContainer(container, { exitCode }, clock.now());
			notice();
		});
	}

	/** All containers have ended for good, or have to; sidecars still run. */
	function finish(): void {
		const running = listRunning(runtime);
		kill();
		runtime.isEnding = true;
		schedule('sync', Math.max(noticing, running.length > 0 ? stopping : 0), () => {
			endAll(running);
			runtime.ip = null;
			runtime.isOver = true;
			writeStatus();
		});
	}

	function endAll(running: readonly { container: RuntimeContainer }[]): void {
		for (const { container } of running) {
			if (container.end === null) endContainer(container, { exitCode: 0 }, clock.now());
		}
	}

	/** The Pod is being deleted: containers are asked to stop, and then the last word is the API server's. */
	function terminate(): void {
		if (isDeleting) return;
		isDeleting = true;
		const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
		const running = listRunning(runtime);
		kill();
		writeStatus();
		schedule('sync', running.length > 0 ? Math.min(grace, stopping) : 0, () => {
			endAll(running);
			runtime.isEnding = true;
			runtime.ip = null;
			runtime.isOver = true;
			writeStatus();
			const { namespace = '', name, uid = '' } = pod.metadata;
			client.delete('pods', namespace, name, { gracePeriodSeconds: 0, uid });
		});
	}

	function kill(): void {
		for (const { name } of listRunning(runtime)) recordKilling(name, `Stopping container ${name}`);
	}

	function recordKilling(name: string, message: string): void {
		recorder.record(pod, 'Normal', 'Killing', message, nameField(pod, name));
	}

	/** Writes the Pod's status where it has changed, and gives it back. */
	function writeStatus(): PodStatus {
		const { namespace = '', name, uid } = pod.metadata;
		let status = pod.status;
		client.update<Pod>(
			'pods',
			namespace,
			name,
			(stored) => {
				if (stored.metadata.uid !== uid) return stored;
				status = describePod(stored, runtime, { addresses: context.addresses, now: clock.now() });
				return JSON.stringify(status) === JSON.stringify(stored.status) ? stored : { ...stored, status };
			},
			{ subresource: 'status' },
		);
		probes.hurry();
		return status;
	}

	function stop(): void {
		isStopped = true;
		timers.clear();
	}

	/** Of containers that ran before this kubelet did. */
	function followRestored(): void {
		for (const { name, container } of listRunning(runtime)) {
			const spec = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(
				(candidate) => candidate.name === name,
			);
			const outcome = spec && foreseeRun(spec, container.image, container.id);
			if (outcome?.kind !== 'runs' || outcome.after === null) continue;
			const since = Date.parse(container.startedAt ?? '') || 0;
			endAfter(container, Math.max(0, since + outcome.after - clock.now().getTime()), outcome.exitCode);
		}
	}

	followRestored();
	wake();
	return {
		runtime,
		update(changed) {
			const before = pod;
			pod = changed;
			// Its own writes come back as well; only what others want is a reason to look again.
			const isOurs =
				before.metadata.generation === changed.metadata.generation &&
				before.metadata.deletionTimestamp === changed.metadata.deletionTimestamp;
			if (!isOurs) wake();
		},
		drop() {
			if (!isDeleting) kill();
			stop();
		},
		stop,
	};
}
