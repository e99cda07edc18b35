/** What runs on the node according to a Pod's status: a kubelet that starts again goes on where it was. */

import type { ContainerStatus, Pod, TerminatedState } from './pod.ts';
import { createPodRuntime, listRunning, type PodRuntime, type RuntimeContainer } from './pod-runtime.ts';
import type { PulledImage } from './puller.ts';
import { foreseeRun } from './run.ts';

export function restoreRuntime({ spec, status, metadata }: Pod): PodRuntime {
	const runtime = createPodRuntime();
	const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
	const images = new Map([...(spec.initContainers ?? []), ...spec.containers].map(({ name, image }) => [name, image]));
	for (const container of statuses) {
		const restored = restoreContainer(container, images.get(container.name) ?? container.image);
		if (restored !== null) runtime.containers.set(container.name, [restored]);
	}
	const isReady = status?.conditions?.some(
		({ type, status: state }) => type === 'PodReadyToStartContainers' && state === 'True',
	);
	if (spec.nodeName && isReady && metadata.deletionTimestamp === undefined) runtime.ip = status.podIP ?? null;
	return runtime;
}

/** When the containers end by themselves that ran before this kubelet did; `ms`: from now. */
export function foreseeEnds(
	{ spec }: Pod,
	runtime: PodRuntime,
	now: Date,
): { container: RuntimeContainer; ms: number; exitCode: number }[] {
	return listRunning(runtime).flatMap(({ name, container }) => {
		const found = [...(spec.initContainers ?? []), ...spec.containers].find((candidate) => candidate.name === name);
		const outcome = found && foreseeRun(found, container.image, container.id);
		if (outcome?.kind !== 'runs' || outcome.after === null) return [];
		const since = Date.parse(container.startedAt ?? '') || 0;
		return [{ container, ms: Math.max(0, since + outcome.after - now.getTime()), exitCode: outcome.exitCode }];
	});
}

function restoreContainer(
	{ containerID, restartCount, state, lastState, ...status }: ContainerStatus,
	wanted: string,
): RuntimeContainer | null {
	if (containerID === undefined) return null;
	const ended = state.terminated ?? (state.running ? undefined : lastState.terminated);
	return {
		id: containerID,
		attempt: restartCount,
		wanted,
		image: restoreImage(status),
		probes: { ...(status.started && { startup: 'success' }), ...(status.ready && { readiness: 'success' }) },
		startedAt: state.running?.startedAt ?? readStart(ended),
		end: ended
			? {
					exitCode: ended.exitCode,
					reason: ended.reason,
					...(ended.message !== undefined && { message: ended.message }),
					at: Date.parse(ended.finishedAt ?? '') || 0,
				}
			: null,
	};
}

/** A container that never ran has the beginning of time there. */
function readStart(ended: TerminatedState | undefined): string | null {
	return ended === undefined || ended.startedAt?.startsWith('1970') ? null : ended.startedAt;
}

/** As much as a status tells; what is in it is not known. */
function restoreImage({ image, imageID, user }: Pick<ContainerStatus, 'image' | 'imageID' | 'user'>): PulledImage {
	const { linux } = (user ?? {}) as { linux?: { uid?: number } };
	return {
		id: '',
		reference: image,
		repoDigest: imageID,
		size: 0,
		config: { user: String(linux?.uid ?? ''), env: [], entrypoint: [], command: [], workingDir: '/' },
		files: () => 'unknown',
	};
}
