/** Which containers of a Pod are to be started next, and which to be killed (`computePodActions` of pkg/kubelet/kuberuntime). */

import { type Container, isSidecar, nameField, type Pod } from './pod.ts';
import {
	findNewest,
	isStarted,
	listRunning,
	type PodRuntime,
	type RuntimeContainer,
	shouldStart,
} from './pod-runtime.ts';

export interface Startable {
	container: Container;
	fieldPath: string;
}

/**
 * Init containers one by one, each when the one before it has succeeded or, as a sidecar, has started; then all the
 * others. `killed`: those that were, and are to run again even if they ended well.
 */
export function findStartable(pod: Pod, runtime: PodRuntime, killed: ReadonlySet<string>): Startable[] {
	const hasStarted = pod.spec.containers.some(({ name }) => findNewest(runtime, name) !== undefined);
	const startable: Startable[] = [];
	for (const container of pod.spec.initContainers ?? []) {
		const newest = findNewest(runtime, container.name);
		if (isSidecar(container)) {
			if (newest && newest.end === null) {
				if (hasStarted || isStarted(container, newest)) continue;
				return startable;
			}
			if (shouldStart(runtime, pod, container)) startable.push(initContainer(container));
			if (!hasStarted) return startable;
			continue;
		}
		if (hasStarted || newest?.end?.exitCode === 0) continue;
		return shouldStart(runtime, pod, container) ? [...startable, initContainer(container)] : startable;
	}
	const main = pod.spec.containers.filter(
		(container) => killed.has(container.name) || shouldStart(runtime, pod, container),
	);
	return [...startable, ...main.map((container) => ({ container, fieldPath: `spec.containers{${container.name}}` }))];
}

function initContainer(container: Container): Startable {
	return { container, fieldPath: `spec.initContainers{${container.name}}` };
}

export interface Unhealthy {
	name: string;
	container: RuntimeContainer;
	message: string;
	isToRestart: boolean;
}

/** Containers that have failed their liveness or startup probe; where nothing else is left to run, all of the Pod. */
export function findUnhealthy(pod: Pod, runtime: PodRuntime): Unhealthy[] {
	const mayRestart = pod.spec.restartPolicy !== 'Never';
	const running = listRunning(runtime);
	const unhealthy = running.flatMap(({ name, container }) => {
		const { liveness, startup } = container.probes;
		if (liveness !== 'failure' && startup !== 'failure') return [];
		const failed = `${name} failed ${liveness === 'failure' ? 'liveness' : 'startup'} probe`;
		if (nameField(pod, name).startsWith('spec.init'))
			return [{ name, container, message: `Init container ${failed}`, isToRestart: true }];
		const message = `Container ${failed}${mayRestart ? ', will be restarted' : ''}`;
		return [{ name, container, message, isToRestart: mayRestart }];
	});
	const isLast = pod.spec.containers.every(({ name }) => {
		const newest = findNewest(runtime, name);
		return newest && (newest.end !== null || unhealthy.some(({ container }) => container === newest));
	});
	if (mayRestart || unhealthy.length === 0 || !isLast) return unhealthy;
	return running.map((each) => ({ ...each, message: `Stopping container ${each.name}`, isToRestart: false }));
}
