/** Which containers of a Pod are to be started next (`computePodActions` of pkg/kubelet/kuberuntime). */

import { type Container, isSidecar, type Pod } from './pod.ts';
import { findNewest, type PodRuntime, shouldStart } from './pod-runtime.ts';

export interface Startable {
	container: Container;
	fieldPath: string;
}

/** Init containers one by one, each when the one before it has succeeded or, as a sidecar, runs; then all the others. */
export function findStartable(pod: Pod, runtime: PodRuntime): Startable[] {
	const hasStarted = pod.spec.containers.some(({ name }) => findNewest(runtime, name) !== undefined);
	const startable: Startable[] = [];
	for (const container of pod.spec.initContainers ?? []) {
		const newest = findNewest(runtime, container.name);
		if (isSidecar(container)) {
			if (newest && newest.end === null) continue;
			if (shouldStart(runtime, pod, container)) startable.push(initContainer(container));
			if (!hasStarted) return startable;
			continue;
		}
		if (hasStarted || newest?.end?.exitCode === 0) continue;
		return shouldStart(runtime, pod, container) ? [...startable, initContainer(container)] : startable;
	}
	const main = pod.spec.containers.filter((container) => shouldStart(runtime, pod, container));
	return [...startable, ...main.map((container) => ({ container, fieldPath: `spec.containers{${container.name}}` }))];
}

function initContainer(container: Container): Startable {
	return { container, fieldPath: `spec.initContainers{${container.name}}` };
}
