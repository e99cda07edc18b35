/** The phase of a Pod, from the statuses of its containers (`getPhase` of pkg/kubelet/kubelet_pods.go). */

import { type Container, type ContainerStatus, isSidecar, type Pod, type PodPhase, type PodStatus } from './pod.ts';

export function findPhase(
	pod: Pod,
	statuses: Pick<Pod['status'], 'initContainerStatuses' | 'containerStatuses'>,
	isEnding: boolean,
): PodPhase {
	const init = countInit(pod, statuses.initContainerStatuses ?? []);
	const main = countMain(pod, statuses.containerStatuses ?? []);
	if (init.failedForGood > 0) return 'Failed';
	if (!main.hasStarted && (init.pending > 0 || init.failed > 0 || init.pendingSidecars > 0)) return 'Pending';
	if (main.waiting > 0 || main.unknown > 0) return 'Pending';
	if (main.running > 0) return 'Running';
	if (main.stopped === 0) return 'Pending';
	if (!isEnding && main.restartable > 0) return 'Running';
	return main.stopped === main.succeeded ? 'Succeeded' : 'Failed';
}

function countInit(pod: Pod, statuses: readonly ContainerStatus[]) {
	const counts = { pending: 0, failed: 0, failedForGood: 0, pendingSidecars: 0 };
	for (const container of pod.spec.initContainers ?? []) {
		const status = statuses.find(({ name }) => name === container.name);
		if (isSidecar(container)) {
			if (status?.state.running === undefined && status?.lastState.terminated === undefined) counts.pendingSidecars++;
			continue;
		}
		const ended = status?.state.terminated ?? (status?.state.waiting && status.lastState.terminated);
		if (ended === undefined) counts.pending++;
		else if (ended.exitCode !== 0) {
			counts.failed++;
			if (!mayRestart(pod, container, ended.exitCode)) counts.failedForGood++;
		}
	}
	return counts;
}

function countMain(pod: Pod, statuses: readonly ContainerStatus[]) {
	const counts = { unknown: 0, running: 0, waiting: 0, stopped: 0, succeeded: 0, restartable: 0, hasStarted: false };
	for (const container of pod.spec.containers) {
		const status = statuses.find(({ name }) => name === container.name);
		if (status === undefined) {
			counts.unknown++;
			continue;
		}
		const { running, terminated, waiting } = status.state;
		const ended = terminated ?? (waiting && status.lastState.terminated);
		if (status.containerID !== undefined) counts.hasStarted = true;
		if (running) counts.running++;
		else if (ended === undefined) counts.waiting++;
		else {
			counts.stopped++;
			if (terminated?.exitCode === 0) counts.succeeded++;
			if (mayRestart(pod, container, ended.exitCode)) counts.restartable++;
		}
	}
	return counts;
}

function mayRestart(pod: Pod, container: Container, exitCode: number): boolean {
	const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
	return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** The phase that the containers amount to, which the status may not show yet. */
export function foreseePhase({ phase, conditions }: PodStatus): PodPhase | undefined {
	const reason = conditions?.find(({ type }) => type === 'ContainersReady')?.reason;
	if (reason === 'PodFailed') return 'Failed';
	return reason === 'PodCompleted' ? 'Succeeded' : phase;
}
