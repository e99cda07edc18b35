/** Which containers of a Pod are to be started next, and which to be killed (`computePodActions` of pkg/kubelet/kuberuntime). */

import { type Container, isSidecar, type Pod } from './pod.ts';
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

export interface Doomed {
	name: string;
	container: RuntimeContainer;
	message: string;
	isToRestart: boolean;
}

/**
 * Containers whose image is another one now, or that have failed their liveness or startup probe; where nothing else is
 * left to run, all of the Pod.
 */
export function findDoomed(pod: Pod, runtime: PodRuntime): Doomed[] {
	const running = listRunning(runtime);
	const doomed = running.flatMap(({ name, container }) => findFault(pod, name, container) ?? []);
	const hasFuture = pod.spec.containers.some(({ name }) => {
		const newest = findNewest(runtime, name);
		if (newest === undefined || newest.end !== null) return newest === undefined;
		return doomed.find(({ container }) => container === newest)?.isToRestart ?? true;
	});
	if (pod.spec.restartPolicy !== 'Never' || doomed.length === 0 || hasFuture) return doomed;
	return running.map((each) => ({ ...each, message: `Stopping container ${each.name}`, isToRestart: false }));
}

/** Null: it may go on. */
function findFault({ spec }: Pod, name: string, container: RuntimeContainer): Doomed | null {
	const init = spec.initContainers?.find((each) => each.name === name);
	const own = init ?? spec.containers.find((each) => each.name === name);
	const isChanged = own !== undefined && own.image !== container.wanted && (init === undefined || isSidecar(init));
	const fault = isChanged ? 'definition changed' : findProbeFault(container);
	if (fault === null) return null;
	if (init !== undefined) return { name, container, message: `Init container ${name} ${fault}`, isToRestart: true };
	// What was changed is to run, whatever becomes of what fails.
	const isToRestart = isChanged || spec.restartPolicy !== 'Never';
	const message = `Container ${name} ${fault}${isToRestart ? ', will be restarted' : ''}`;
	return { name, container, message, isToRestart };
}

function findProbeFault({ probes: { liveness, startup } }: RuntimeContainer): string | null {
	if (liveness === 'failure') return 'failed liveness probe';
	return startup === 'failure' ? 'failed startup probe' : null;
}
