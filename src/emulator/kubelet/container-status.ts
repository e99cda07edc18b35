/** The statuses of a Pod's containers (`convertToAPIContainerStatuses` of pkg/kubelet/kubelet_pods.go). */

import { type Container, type ContainerState, type ContainerStatus, isSidecar, type Pod } from './pod.ts';
import { describeEnd, isReady, isStarted, type PodRuntime, type RuntimeContainer, shouldStart } from './pod-runtime.ts';

export function describeContainers(
	pod: Pod,
	runtime: PodRuntime,
): Pick<Pod['status'], 'initContainerStatuses' | 'containerStatuses'> {
	const { initContainers = [], containers } = pod.spec;
	const main = containers.map((container) => describeContainer(pod, runtime, container, false));
	const init = initContainers.map((container) => describeContainer(pod, runtime, container, true));
	return {
		...(init.length > 0 && { initContainerStatuses: init }),
		containerStatuses: main.sort((one, other) => (one.name < other.name ? -1 : 1)),
	};
}

function describeContainer(pod: Pod, runtime: PodRuntime, container: Container, isInit: boolean): ContainerStatus {
	const [newest, older] = runtime.containers.get(container.name) ?? [];
	const { state, lastState } = describeStates(pod, runtime, container, newest, older);
	const running = state.running && newest;
	const hasSucceeded = state.terminated?.exitCode === 0;
	return {
		...(newest && { containerID: newest.id }),
		...(newest && container.resources?.requests && { allocatedResources: container.resources.requests }),
		image: newest?.image.reference ?? container.image,
		imageID: newest?.image.repoDigest ?? '',
		lastState,
		name: container.name,
		ready: isInit && !isSidecar(container) ? hasSucceeded : Boolean(running && isReady(container, running)),
		...(newest && { resources: container.resources ?? {} }),
		restartCount: newest?.attempt ?? 0,
		started: Boolean(running && isStarted(container, running)),
		state,
		...(newest && { user: { linux: describeUser(pod, container, newest) } }),
		...(container.volumeMounts?.length && { volumeMounts: container.volumeMounts.map(describeMount) }),
	};
}

function describeStates(
	pod: Pod,
	runtime: PodRuntime,
	container: Container,
	newest: RuntimeContainer | undefined,
	older: RuntimeContainer | undefined,
): { state: ContainerState; lastState: ContainerState } {
	const hasInit = (pod.spec.initContainers?.length ?? 0) > 0;
	const own = newest
		? describeState(newest)
		: { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } };
	const lastState = older ? describeState(older) : {};
	const failure = shouldStart(runtime, pod, container) ? runtime.failures.get(container.name) : undefined;
	// Of an init container that has succeeded nobody says that it waits, not even where it is to run again.
	const isDone = newest?.end?.exitCode === 0 && pod.spec.initContainers?.includes(container);
	if (failure === undefined || isDone) return { state: own, lastState };
	const { reason, message } = failure;
	return {
		state: { waiting: { ...(message !== '' && { message }), reason } },
		lastState: own.terminated ? own : lastState,
	};
}

function describeState(container: RuntimeContainer): ContainerState {
	const terminated = describeEnd(container);
	return terminated ? { terminated } : { running: { startedAt: container.startedAt ?? '' } };
}

function describeUser(pod: Pod, container: Container, { image }: RuntimeContainer) {
	const own = container.securityContext;
	const shared = pod.spec.securityContext;
	const imageUser = Number.parseInt(image.config.user, 10);
	const gid = own?.runAsGroup ?? shared?.runAsGroup ?? 0;
	const groups = [
		gid,
		...(shared?.fsGroup === undefined ? [] : [shared.fsGroup]),
		...(shared?.supplementalGroups ?? []),
	];
	return {
		gid,
		supplementalGroups: [...new Set(groups)],
		uid: own?.runAsUser ?? shared?.runAsUser ?? (Number.isNaN(imageUser) ? 0 : imageUser),
	};
}

function describeMount({ name, mountPath, readOnly }: NonNullable<Container['volumeMounts']>[number]) {
	return { mountPath, name, ...(readOnly && { readOnly, recursiveReadOnly: 'Disabled' }) };
}
