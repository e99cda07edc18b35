/** Probes a Pod's containers, each probe at its own pace (pkg/kubelet/prober/worker.go). */

import type { EventRecorder } from '../controllers/event-recorder.ts';
import type { Probe } from '../pod.ts';
import { foreseeProbe, type ProbeOutcome } from './foresee-probe.ts';
import type { NamedTimers } from './named-timers.ts';
import { type Container, isSidecar, nameField, type Pod } from './pod.ts';
import { findNewest, type PodRuntime, type ProbeKind, type RuntimeContainer } from './pod-runtime.ts';

export interface ProbesOptions {
	runtime: PodRuntime;
	timers: NamedTimers;
	recorder: EventRecorder;
	getPod(): Pod;
	now(): Date;
	/** Told when what is known of a container has changed. */
	onChange(): void;
}

export interface Probes {
	/** Begins with those that are not under way yet. */
	start(): void;
	/** Who is not ready is asked at once whether that is still so. */
	hurry(): void;
}

interface Target {
	container: Container;
	kind: ProbeKind;
	probe: Probe;
	timer: string;
}

const labels = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

export function createProbes({ runtime, timers, recorder, getPod, now, onChange }: ProbesOptions): Probes {
	const underWay = new Set<string>();
	/** Results of the same kind in a row, by timer. */
	const rows = new Map<string, { of: RuntimeContainer; result: string; length: number }>();

	function probeNow(target: Target): void {
		const pod = getPod();
		if (pod.metadata.deletionTimestamp !== undefined || runtime.isEnding) return;
		const { container, probe, timer } = target;
		const period = (probe.periodSeconds ?? 10) * 1000;
		const running = findProbed(pod, target);
		if (running === null) {
			timers.set(timer, period, () => probeNow(target));
			return;
		}
		const outcome = foreseeProbe(probe, container, running.image, pod.status.podIP ?? '');
		underWay.add(timer);
		timers.set(timer, outcome.after, () => {
			underWay.delete(timer);
			timers.set(timer, Math.max(0, period - outcome.after), () => probeNow(target));
			take(target, running, outcome);
		});
	}

	/** The container, if it is to be probed now: as far as the Pod's status tells that it runs. */
	function findProbed(pod: Pod, { container: { name }, kind, probe }: Target): RuntimeContainer | null {
		const newest = findNewest(runtime, name);
		const status = listStatuses(pod).find((candidate) => candidate.name === name);
		if (!newest || newest.end || status?.containerID !== newest.id || !status.state.running) return null;
		// It is about to be killed.
		if (kind !== 'readiness' && newest.probes[kind] === 'failure') return null;
		if (status.started === (kind === 'startup')) return null;
		const age = now().getTime() - Date.parse(status.state.running.startedAt);
		return age < (probe.initialDelaySeconds ?? 0) * 1000 ? null : newest;
	}

	function take({ container, kind, probe, timer }: Target, of: RuntimeContainer, { result, message }: ProbeOutcome) {
		const pod = getPod();
		if (result !== 'success') {
			const how = result === 'failure' ? 'failed' : 'errored and resulted in unknown state';
			const text = `${labels[kind]} probe ${how}: ${message}`;
			recorder.record(pod, 'Warning', 'Unhealthy', text, nameField(pod, container.name));
		}
		if (result === 'unknown') return;
		const row = rows.get(timer);
		const length = row?.of === of && row.result === result ? row.length + 1 : 1;
		rows.set(timer, { of, result, length });
		const enough = result === 'success' ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
		if (length < enough || of.probes[kind] === result) return;
		of.probes[kind] = result;
		onChange();
	}

	return {
		start() {
			for (const target of listTargets(getPod())) if (!timers.has(target.timer)) probeNow(target);
		},
		hurry() {
			const pod = getPod();
			const unready = listStatuses(pod).filter(({ started, ready }) => started && !ready);
			for (const target of listTargets(pod)) {
				if (target.kind !== 'readiness' || !timers.has(target.timer) || underWay.has(target.timer)) continue;
				if (unready.some(({ name }) => name === target.container.name)) probeNow(target);
			}
		},
	};
}

function listStatuses({ status }: Pod) {
	return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
}

function listTargets({ spec }: Pod): Target[] {
	return [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers].flatMap((container) => {
		const { startupProbe, livenessProbe, readinessProbe } = container;
		const probes = { startup: startupProbe, liveness: livenessProbe, readiness: readinessProbe };
		return (Object.keys(probes) as ProbeKind[]).flatMap((kind) => {
			const probe = probes[kind];
			return probe ? [{ container, kind, probe, timer: `${kind} ${container.name}` }] : [];
		});
	});
}
