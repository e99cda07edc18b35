/** Looks after one Pod on the node, from its first sync until it is gone (pkg/kubelet/pod_workers.go). */

import { createHooks } from './hooks.ts';
import type { NodeContext } from './node-context.ts';
import { isTerminalPhase, nameField, type Pod, type PodStatus } from './pod.ts';
import { findDoomed, findStartable } from './pod-actions.ts';
import { findTimeToDeadline } from './pod-deadline.ts';
import { foreseePhase } from './pod-phase.ts';
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
import { foreseeEnds, restoreRuntime } from './restore.ts';
import { startContainer } from './start-container.ts';
import { createSyncLoop } from './sync-loop.ts';
import { findMountFaults } from './volumes.ts';

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
/**
 * How long it takes to take away a Pod in which nothing runs; on kind it was 650 to 2100. Whoever waits for its end has to
 * have asked for it before a StatefulSet makes another of the name.
 */
const clearing = 600;

export function createPodWorker(context: NodeContext, first: Pod): PodWorker {
	const { client, clock, recorder } = context;
	const runtime = restoreRuntime(first);
	let pod = first;
	let isDeleting = false;
	let mountRetry = firstMountRetry;
	const loop = createSyncLoop(clock, {
		async sync() {
			if (pod.metadata.deletionTimestamp !== undefined) terminate();
			else if (!runtime.isEnding) await sync();
		},
		retryPeriod,
		onRefused() {
			isDeleting = false;
		},
	});
	const { timers, wake } = loop;
	const probes = createProbes({
		runtime,
		timers,
		recorder,
		getPod: () => pod,
		now: () => clock.now(),
		onChange: wake,
	});

	const hooks = createHooks({ runtime, timers, recorder, getPod: () => pod });

	/** What happens to containers is seen at the next relist, and several things at once. */
	function notice(): void {
		if (!timers.has('notice')) timers.set('notice', context.relistPeriod, wake);
	}

	async function sync(): Promise<void> {
		const left = findTimeToDeadline(pod, clock.now());
		if (left === 0) missDeadline();
		else if (left !== null) timers.set('deadline', left, wake);
		const status = writeStatus();
		discardOldContainers(runtime);
		if (runtime.isOverdue || isTerminalPhase(foreseePhase(status))) return finish();
		const { found: secrets, missing } = findPullSecrets(client, pod);
		if (missing.length > 0) {
			const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
			recorder.record(pod, 'Warning', 'FailedToRetrieveImagePullSecret', message);
		}
		if (runtime.ip === null && !(await prepare())) return;
		probes.start();
		const killed = await killDoomed();
		if (pod.metadata.deletionTimestamp === undefined) await startContainers(secrets, killed);
	}

	function missDeadline(): void {
		runtime.isOverdue = true;
		recorder.record(pod, 'Normal', overdue.reason, overdue.message);
	}

	/** Volumes and sandbox. */
	async function prepare(): Promise<boolean> {
		const faults = findMountFaults(client, pod);
		for (const fault of faults) recorder.record(pod, 'Warning', 'FailedMount', fault);
		if (faults.length > 0) {
			timers.set('sync', mountRetry, wake);
			mountRetry = Math.min(mountRetry * 2, longestMountRetry);
			return false;
		}
		const ip = await context.makeSandbox();
		if (loop.isStopped) return false;
		runtime.ip = ip;
		notice();
		return true;
	}

	/** Gives back which of them are to be started again at once. */
	async function killDoomed(): Promise<ReadonlySet<string>> {
		const doomed = findDoomed(pod, runtime);
		for (const { name, message } of doomed) recordKilling(name, message);
		if (doomed.length > 0) await stop(doomed);
		return new Set(doomed.filter(({ isToRestart }) => isToRestart).map(({ name }) => name));
	}

	async function stop(running: readonly { name: string; container: RuntimeContainer }[]): Promise<void> {
		const wait = hooks.preStop(running, gracePeriod());
		await new Promise<void>((resolve) => timers.set('kill', wait + stopping, resolve));
		endAll(running);
		notice();
	}

	/** Milliseconds. */
	function gracePeriod(): number {
		const { spec, metadata } = pod;
		return (metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30) * 1000;
	}

	async function startContainers(
		secrets: ReturnType<typeof findPullSecrets>['found'],
		killed: ReadonlySet<string>,
	): Promise<void> {
		const retries: number[] = [];
		let hasFailed = false;
		for (const { container, fieldPath } of findStartable(pod, runtime, killed)) {
			if (loop.isStopped || pod.metadata.deletionTimestamp !== undefined) return;
			const start = {
				...context,
				pod,
				runtime,
				secrets,
				killed,
				endAfter,
				postStart: hooks.postStart,
				stop: (running: RuntimeContainer, name: string) => stop([{ name, container: running }]),
			};
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
		timers.set('sync', wait * (1 + Math.random() / 2), wake);
	}

	function endAfter(container: Parameters<typeof endContainer>[0], ms: number, exitCode: number): void {
		timers.set(container.id, ms, () => {
			if (container.end !== null) return;
			endContainer(container, { exitCode }, clock.now());
			notice();
		});
	}

	/** All containers have ended for good, or have to; sidecars still run. */
	function finish(): void {
		const running = listRunning(runtime);
		kill();
		const wait = hooks.preStop(running, gracePeriod());
		runtime.isEnding = true;
		timers.set('sync', Math.max(noticing, running.length > 0 ? wait + stopping : 0), () => {
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
		const grace = gracePeriod();
		const running = listRunning(runtime);
		kill();
		const wait = hooks.preStop(running, grace);
		writeStatus();
		timers.set('sync', running.length > 0 ? wait + Math.min(grace, stopping) : clearing, () => {
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

	for (const { container, ms, exitCode } of foreseeEnds(pod, runtime, clock.now())) endAfter(container, ms, exitCode);
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
			if (changed.metadata.deletionTimestamp !== undefined) hooks.interrupt();
			if (!isOurs) wake();
		},
		drop() {
			if (!isDeleting) kill();
			loop.stop();
		},
		stop: loop.stop,
	};
}
