/** Starts one container: back-off, image, configuration, creation, start (pkg/kubelet/kuberuntime). */

import { randomBytes } from 'node:crypto';
import type { ClusterClient } from '../cluster-client.ts';
import type { EventRecorder, EventType } from '../controllers/event-recorder.ts';
import { formatDuration } from '../duration.ts';
import { formatTime } from '../time.ts';
import type { BackOff } from './back-off.ts';
import { findConfigFault } from './config-fault.ts';
import { ensureImage, type ImageStore, type StartFailure } from './ensure-image.ts';
import { type Container, nameInMessages, type Pod, type Secret } from './pod.ts';
import { addContainer, endContainer, type PodRuntime, type RuntimeContainer } from './pod-runtime.ts';
import type { PulledImage } from './puller.ts';
import { foreseeRun } from './run.ts';

export interface ContainerStart {
	client: ClusterClient;
	store: ImageStore;
	restarts: BackOff;
	recorder: EventRecorder;
	pod: Pod;
	runtime: PodRuntime;
	secrets: readonly Secret[];
	/** Containers that have just been killed, to be started again. */
	killed: ReadonlySet<string>;
	/** Told when the container is to end by itself. */
	endAfter(container: RuntimeContainer, ms: number, exitCode: number): void;
	/** Runs what is to follow the start; why that failed, or null. */
	postStart(container: Container, running: RuntimeContainer): Promise<string | null>;
	/** Stops a container that was not to run without what failed. */
	stop(container: RuntimeContainer, name: string): Promise<void>;
}

/** Null: it runs, or has run. */
export async function startContainer(
	start: ContainerStart,
	container: Container,
	fieldPath: string,
): Promise<StartFailure | null> {
	const { pod, store, recorder } = start;
	const report = (type: EventType, reason: string, message: string) =>
		recorder.record(pod, type, reason, message, fieldPath);

	const wait = backOffRestart(start, container, report);
	if (wait !== null) return wait;
	const podUid = pod.metadata.uid ?? '';
	const ensured = await ensureImage(store, { podUid, container, secrets: start.secrets, report });
	if ('failure' in ensured) return ensured.failure;
	const fault = findConfigFault(start.client, pod, container, ensured.image);
	if (fault !== null) {
		report('Warning', 'Failed', `Error: ${fault}`);
		return { reason: 'CreateContainerConfigError', message: fault };
	}
	return create(start, container, ensured.image, report);
}

/** A container that has ended waits for ever longer before it is started again. */
function backOffRestart(
	{ pod, runtime, restarts, killed, store: { clock } }: ContainerStart,
	container: Container,
	report: (type: EventType, reason: string, message: string) => void,
): StartFailure | null {
	const [newest, older] = runtime.containers.get(container.name) ?? [];
	// The kubelet looks at what it knew before it killed: at the end of the one before.
	const end = (killed.has(container.name) ? older : newest)?.end;
	if (!end) return null;
	const now = clock.now().getTime();
	const key = `${pod.metadata.uid}_${container.name}_${container.image}`;
	if (!restarts.isWaitingSince(key, end.at, now)) {
		restarts.fail(key, end.at, now);
		return null;
	}
	const name = nameInMessages(pod);
	report('Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${name}`);
	const wait = restarts.get(key);
	return {
		reason: 'CrashLoopBackOff',
		message: `back-off ${formatDuration(wait)} restarting failed container=${container.name} pod=${name}`,
		retryAt: end.at + wait,
	};
}

async function create(
	{ runtime, store: { clock }, endAfter, postStart, stop }: ContainerStart,
	container: Container,
	image: PulledImage,
	report: (type: EventType, reason: string, message: string) => void,
): Promise<StartFailure | null> {
	const outcome = foreseeRun(container, image, randomBytes(32).toString('hex'));
	if (outcome.kind === 'not-created') {
		report('Warning', 'Failed', `Error: ${outcome.message}`);
		return { reason: 'CreateContainerError', message: outcome.message };
	}
	const added = addContainer(runtime, container, image);
	report('Normal', 'Created', 'Container created');
	if (outcome.kind === 'not-started') {
		const { message } = outcome;
		endContainer(added, { exitCode: 128, reason: 'StartError', message }, clock.now());
		report('Warning', 'Failed', `Error: ${message}`);
		return { reason: 'RunContainerError', message };
	}
	added.startedAt = formatTime(clock.now());
	report('Normal', 'Started', 'Container started');
	if (outcome.after !== null) endAfter(added, outcome.after, outcome.exitCode);
	const failure = await postStart(container, added);
	if (failure === null) return null;
	report('Warning', 'FailedPostStartHook', 'PostStartHook failed');
	report('Normal', 'Killing', 'FailedPostStartHook');
	await stop(added, container.name);
	return { reason: 'PostStartHookError', message: failure };
}
