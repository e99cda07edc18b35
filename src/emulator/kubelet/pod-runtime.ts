/** What a node knows of one Pod: its sandbox, its containers, and why the others do not start. */

import { randomBytes } from 'node:crypto';
import { formatTime } from '../time.ts';
import type { StartFailure } from './ensure-image.ts';
import type { Container, Pod } from './pod.ts';
import type { PulledImage } from './puller.ts';

export interface PodRuntime {
	/** Null: there is no sandbox. */
	ip: string | null;
	/** By container; newest first, and of the dead ones only what a status shows. */
	containers: Map<string, RuntimeContainer[]>;
	/** By container: what kept it from starting when it was last tried. */
	failures: Map<string, StartFailure>;
	/** It is being stopped for good: nothing is started any more. */
	isEnding: boolean;
	/** It was active for longer than it may. */
	isOverdue: boolean;
	/** All has been stopped: what has left no trace by now never will. */
	isOver: boolean;
}

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export interface RuntimeContainer {
	/** `containerd://…` */
	id: string;
	/** How often it was restarted. */
	attempt: number;
	/** The image as the Pod names it. */
	wanted: string;
	image: PulledImage;
	/** What the probes have found, once there was enough of it. */
	probes: Partial<Record<ProbeKind, 'success' | 'failure'>>;
	/** RFC 3339; null: it never ran. */
	startedAt: string | null;
	/** Null: it runs. */
	end: { exitCode: number; reason: string; message?: string; at: number } | null;
}

export function createPodRuntime(): PodRuntime {
	return { ip: null, containers: new Map(), failures: new Map(), isEnding: false, isOverdue: false, isOver: false };
}

export function findNewest(runtime: PodRuntime, name: string): RuntimeContainer | undefined {
	return runtime.containers.get(name)?.[0];
}

export function addContainer(
	runtime: PodRuntime,
	{ name, image: wanted }: Container,
	image: PulledImage,
): RuntimeContainer {
	const [newest] = runtime.containers.get(name) ?? [];
	const container: RuntimeContainer = {
		id: `containerd://${randomBytes(32).toString('hex')}`,
		attempt: newest ? newest.attempt + 1 : 0,
		wanted,
		image,
		probes: {},
		startedAt: null,
		end: null,
	};
	runtime.containers.set(name, newest ? [container, newest] : [container]);
	return container;
}

/** `reason` is found from the exit code where none is given, as containerd does it. */
export function endContainer(
	container: RuntimeContainer,
	end: { exitCode: number; reason?: string; message?: string },
	now: Date,
): void {
	const reason = end.reason ?? (end.exitCode === 0 ? 'Completed' : 'Error');
	container.end = { ...end, reason, at: now.getTime() };
}

/** Of a container that is dead, the one before it is of no more use. */
export function discardOldContainers(runtime: PodRuntime): void {
	for (const [name, [newest]] of runtime.containers) {
		if (newest?.end) runtime.containers.set(name, [newest]);
	}
}

export function listRunning(runtime: PodRuntime): { name: string; container: RuntimeContainer }[] {
	return [...runtime.containers].flatMap(([name, [newest]]) =>
		newest && newest.end === null ? [{ name, container: newest }] : [],
	);
}

/** Whether it runs and its startup probe, if it has one, has succeeded. */
export function isStarted({ startupProbe }: Container, { end, probes }: RuntimeContainer): boolean {
	return end === null && (startupProbe === undefined || probes.startup === 'success');
}

export function isReady(container: Container, running: RuntimeContainer): boolean {
	return isStarted(container, running) && (!container.readinessProbe || running.probes.readiness === 'success');
}

/** Whether a container that does not run is to be started, now or later (`ShouldContainerBeRestarted`). */
export function shouldStart(runtime: PodRuntime, pod: Pod, container: Container): boolean {
	if (pod.metadata.deletionTimestamp !== undefined) return false;
	const newest = findNewest(runtime, container.name);
	if (newest === undefined) return true;
	if (newest.end === null) return false;
	const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
	return policy === 'Always' || (policy === 'OnFailure' && newest.end.exitCode !== 0);
}

export function describeEnd({ id, startedAt, end }: RuntimeContainer) {
	if (end === null) return null;
	return {
		containerID: id,
		exitCode: end.exitCode,
		finishedAt: formatTime(new Date(end.at)),
		...(end.message !== undefined && { message: end.message }),
		reason: end.reason,
		startedAt: startedAt ?? '1970-01-01T00:00:00Z',
	};
}
