/** Rows of Pods, with all that their status may say. */

import { formatAge } from '../age.ts';
import { ageOf, containerCells, formatLabels, type Loose, type Printer } from './printer.ts';

export const podPrinters: Readonly<Record<string, Printer>> = {
	Pod: printPod,
	PodTemplate: (object) => {
		const { spec, metadata } = object['template'] ?? {};
		return [object['metadata'].name, ...containerCells(spec), formatLabels(metadata?.labels)];
	},
};

function printPod(pod: Loose, now: Date): unknown[] {
	const { spec, status = {}, metadata } = pod;
	const { reason, ready, restarts, lastRestart } = summarize(spec, status);
	const total = spec.containers.length + ((spec.initContainers ?? []) as Loose[]).filter(isSidecar).length;
	return [
		metadata.name,
		`${ready}/${total}`,
		metadata.deletionTimestamp ? describeDeletion(status, reason) : reason,
		restarts > 0 && lastRestart !== '' ? `${restarts} (${formatAge(lastRestart, now)} ago)` : String(restarts),
		ageOf(pod, now),
		status.podIPs?.[0]?.ip || '<none>',
		spec.nodeName || '<none>',
		status.nominatedNodeName || '<none>',
		countGates(spec, status),
	];
}

interface Summary {
	reason: string;
	ready: number;
	restarts: number;
	/** Empty: never. */
	lastRestart: string;
}

function summarize(spec: Loose, status: Loose): Summary {
	const init = summarizeInit(spec, status);
	if (init.stops && !isTrue(status, 'Initialized')) return init;
	return summarizeContainers(status, {
		reason: init.stops ? init.reason : phaseOf(status),
		ready: init.ready,
		restarts: init.sidecarRestarts,
		lastRestart: init.lastSidecarRestart,
	});
}

function phaseOf(status: Loose): string {
	const isGated = conditionsOf(status).some(
		({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
	);
	return isGated ? 'SchedulingGated' : status['reason'] || status['phase'] || '';
}

function summarizeInit(spec: Loose, status: Loose) {
	const containers = (spec['initContainers'] ?? []) as Loose[];
	const statuses = (status['initContainerStatuses'] ?? []) as Loose[];
	const summary = {
		reason: phaseOf(status),
		ready: 0,
		restarts: 0,
		lastRestart: '',
		sidecarRestarts: 0,
		lastSidecarRestart: '',
		stops: false,
	};
	for (const [index, container] of statuses.entries()) {
		const sidecar = isSidecar(containers.find(({ name }) => name === container['name']) ?? {});
		const { restarts, last } = restartsOf(container);
		summary.restarts += restarts;
		summary.lastRestart = later(summary.lastRestart, last);
		if (sidecar) {
			summary.sidecarRestarts += restarts;
			summary.lastSidecarRestart = later(summary.lastSidecarRestart, last);
		}
		const { terminated, waiting } = container['state'] ?? {};
		if (terminated && !terminated.exitCode) continue;
		if (sidecar && container['started']) {
			if (container['ready']) summary.ready += 1;
			continue;
		}
		summary.stops = true;
		const word = terminated ? describeTermination(terminated) : waiting?.reason;
		const isKnown = terminated || (word && word !== 'PodInitializing');
		summary.reason = `Init:${isKnown ? word : `${index}/${containers.length}`}`;
		break;
	}
	return summary;
}

function summarizeContainers(status: Loose, from: Summary): Summary {
	const summary = { ...from };
	let hasRunning = false;
	let failure = '';
	for (const container of [...((status['containerStatuses'] ?? []) as Loose[])].reverse()) {
		const { restarts, last } = restartsOf(container);
		summary.restarts += restarts;
		summary.lastRestart = later(summary.lastRestart, last);
		const { waiting, terminated, running } = container['state'] ?? {};
		if (waiting?.reason) summary.reason = waiting.reason;
		else if (terminated) {
			summary.reason = describeTermination(terminated);
			if (terminated.exitCode) failure = summary.reason;
		} else if (container['ready'] && running) {
			hasRunning = true;
			summary.ready += 1;
		}
	}
	if (summary.reason === 'Completed') {
		if (hasRunning && isTrue(status, 'Ready')) summary.reason = 'Running';
		else if (failure !== '') summary.reason = failure;
		else if (hasRunning) summary.reason = 'NotReady';
	}
	return summary;
}

function describeTermination({ reason, signal, exitCode = 0 }: Loose): string {
	return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

function describeDeletion(status: Loose, reason: string): string {
	if (status['reason'] === 'NodeLost') return 'Unknown';
	return ['Succeeded', 'Failed'].includes(status['phase']) ? reason : 'Terminating';
}

function restartsOf({ restartCount = 0, lastState }: Loose): { restarts: number; last: string } {
	return { restarts: restartCount, last: lastState?.terminated?.finishedAt ?? '' };
}

function later(one: string, other: string): string {
	return other > one ? other : one;
}

function isSidecar({ restartPolicy }: Loose): boolean {
	return restartPolicy === 'Always';
}

function conditionsOf(status: Loose): Loose[] {
	return status['conditions'] ?? [];
}

function isTrue(status: Loose, condition: string): boolean {
	return conditionsOf(status).some(({ type, status: value }) => type === condition && value === 'True');
}

function countGates(spec: Loose, status: Loose): string {
	const gates = (spec['readinessGates'] ?? []) as Loose[];
	const open = gates.filter(({ conditionType }) => isTrue(status, conditionType));
	return gates.length > 0 ? `${open.length}/${gates.length}` : '<none>';
}
