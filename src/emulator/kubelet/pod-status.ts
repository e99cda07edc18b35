/** A Pod's status as the kubelet writes it: conditions in its order, each with when it turned. */

import { formatTime } from '../time.ts';
import { describeContainers } from './container-status.ts';
import {
	type ContainerStatus,
	isSidecar,
	isTerminalPhase,
	type Pod,
	type PodCondition,
	type PodPhase,
	type PodStatus,
} from './pod.ts';
import { findPhase } from './pod-phase.ts';
import { listRunning, type PodRuntime } from './pod-runtime.ts';

export interface StatusOptions {
	/** Of the node. */
	addresses: readonly string[];
	now: Date;
}

/** Of a Pod that has outlived its deadline. */
export const overdue = {
	reason: 'DeadlineExceeded',
	message: 'Pod was active on the node longer than the specified deadline',
};

type Finding = Pick<PodCondition, 'status' | 'reason' | 'message'>;

export function describePod(pod: Pod, runtime: PodRuntime, { addresses, now }: StatusOptions): PodStatus {
	const old = pod.status;
	const statuses = describeContainers(pod, runtime);
	const phase = runtime.isOverdue ? 'Failed' : findPhase(pod, statuses, runtime.isEnding);
	const [hostIP] = addresses;
	const podIP = pod.spec.hostNetwork ? hostIP : (runtime.ip ?? old.podIP);
	return {
		...old,
		...(runtime.isOverdue && overdue),
		conditions: describeConditions(pod, runtime, { ...statuses, phase }, now),
		...(hostIP !== undefined && { hostIP, hostIPs: addresses.map((ip) => ({ ip })) }),
		...(runtime.isOver ? closeStatuses(pod, statuses) : statuses),
		...(podIP !== undefined && { podIP, podIPs: [{ ip: podIP }] }),
		observedGeneration: pod.metadata.generation ?? 1,
		// Nobody may take a Pod for done while something of it still runs.
		phase: choosePhase(phase, old.phase, runtime),
		startTime: old.startTime ?? formatTime(now),
	};
}

function choosePhase(phase: PodPhase, old: PodPhase | undefined, runtime: PodRuntime): PodPhase {
	if (runtime.isOver) return phase === 'Succeeded' ? phase : 'Failed';
	return isTerminalPhase(phase) && mayStillRun(runtime) ? (old ?? 'Pending') : phase;
}

const lost = {
	exitCode: 137,
	finishedAt: null,
	message: 'The container could not be located when the pod was terminated',
	reason: 'ContainerStatusUnknown',
	startedAt: null,
};

/** Once a Pod was initialised, a container without an end is a failure (`TerminatePod` of pkg/kubelet/status). */
function closeStatuses(pod: Pod, statuses: Pick<PodStatus, 'initContainerStatuses' | 'containerStatuses'>) {
	const { initContainerStatuses, containerStatuses = [] } = statuses;
	if (findInitialized(pod, statuses).status !== 'True') return statuses;
	return {
		...(initContainerStatuses && { initContainerStatuses }),
		containerStatuses: containerStatuses.map((status) =>
			status.state.terminated ? status : { ...status, state: { terminated: lost } },
		),
	};
}

function mayStillRun(runtime: PodRuntime): boolean {
	return !runtime.isEnding || listRunning(runtime).length > 0;
}

function describeConditions(pod: Pod, runtime: PodRuntime, status: PodStatus, now: Date): PodCondition[] {
	const old = pod.status.conditions ?? [];
	const ready = findContainersReady(pod, status);
	const findings: [type: string, finding: Finding][] = [
		['PodReadyToStartContainers', { status: runtime.ip === null ? 'False' : 'True' }],
		['Initialized', findInitialized(pod, status)],
		['Ready', ready.status === 'True' ? findGatesReady(pod, old) : ready],
		['ContainersReady', ready],
		['PodScheduled', { status: 'True' }],
	];
	const own = new Set(findings.map(([type]) => type));
	const foreign = old.filter(({ type }) => !own.has(type));
	return [...foreign, ...findings.map(([type, finding]) => turn(type, finding, pod, now))];
}

function turn(type: string, finding: Finding, pod: Pod, now: Date): PodCondition {
	const before = pod.status.conditions?.find((condition) => condition.type === type);
	const isSame = before?.status === finding.status;
	return {
		lastProbeTime: null,
		lastTransitionTime: (isSame && before.lastTransitionTime) || formatTime(now),
		...(finding.message !== undefined && { message: finding.message }),
		observedGeneration: pod.metadata.generation ?? 1,
		...(finding.reason !== undefined && { reason: finding.reason }),
		status: finding.status,
		type,
	};
}

function findInitialized(pod: Pod, { initContainerStatuses = [], containerStatuses = [], phase }: PodStatus): Finding {
	if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
	const incomplete = (pod.spec.initContainers ?? []).filter((container) => {
		const status = initContainerStatuses.find(({ name }) => name === container.name);
		return isSidecar(container) ? !status?.started : !status?.ready;
	});
	if (incomplete.length === 0 || containerStatuses.some(hasStarted)) return { status: 'True' };
	return {
		status: 'False',
		reason: 'ContainersNotInitialized',
		message: `containers with incomplete status: [${incomplete.map(({ name }) => name).join(' ')}]`,
	};
}

function hasStarted({ state, lastState }: ContainerStatus): boolean {
	return Boolean(state.running ?? state.terminated ?? lastState.terminated);
}

function findContainersReady(pod: Pod, status: PodStatus): Finding {
	if (status.phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
	if (status.phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
	const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
	const unready = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers]
		.map(({ name }) => name)
		.filter((name) => !statuses.find((candidate) => candidate.name === name)?.ready);
	if (unready.length === 0) return { status: 'True' };
	const message = `containers with unready status: [${unready.join(' ')}]`;
	return { status: 'False', reason: 'ContainersNotReady', message };
}

function findGatesReady(pod: Pod, conditions: readonly PodCondition[]): Finding {
	const missing = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
		const condition = conditions.find(({ type }) => type === conditionType);
		if (!condition) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
		if (condition.status === 'True') return [];
		return [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`];
	});
	if (missing.length === 0) return { status: 'True' };
	return { status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
}
