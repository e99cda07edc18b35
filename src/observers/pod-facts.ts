/** From a Pod as the API server has it to the facts that judging needs. */

import type { ContainerFacts, EndFacts, PodFacts, WaitingState } from '../model/evidence.ts';
import type { Access } from './access.ts';
import {
	type Container,
	type ContainerStatus,
	type Event,
	type List,
	listNames,
	type Pod,
	type TerminatedState,
} from './objects.ts';
import { findOutdatedUntil, isOutdated } from './outdated.ts';

export async function describePod(access: Access, pod: Pod): Promise<PodFacts> {
	const { metadata, spec, status } = pod;
	const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
	const pullSecrets = listNames(spec.imagePullSecrets);
	const init = (spec.initContainers ?? []).map((container) =>
		describeContainer(
			pod,
			container,
			container.restartPolicy === 'Always' ? 'sidecar' : 'init',
			status?.initContainerStatuses?.find(({ name }) => name === container.name),
		),
	);
	const ordinary = spec.containers.map((container) =>
		describeContainer(
			pod,
			container,
			'container',
			status?.containerStatuses?.find(({ name }) => name === container.name),
		),
	);
	const facts: PodFacts = {
		namespace: metadata.namespace ?? 'default',
		name: metadata.name,
		uid: metadata.uid ?? '',
		createdAt: metadata.creationTimestamp ?? '',
		owner: null,
		isDeleting: metadata.deletionTimestamp !== undefined,
		phase: status?.phase ?? 'Unknown',
		failure:
			status?.phase === 'Failed' && status.reason ? { reason: status.reason, message: status.message ?? '' } : null,
		restartPolicy: spec.restartPolicy ?? 'Always',
		node: spec.nodeName ?? null,
		nodeAddresses: [...new Set([status?.hostIP, ...(status?.hostIPs ?? []).map(({ ip }) => ip)])].filter(
			(address) => address !== undefined,
		),
		unschedulable:
			scheduled?.status === 'False' && scheduled.reason === 'Unschedulable' ? (scheduled.message ?? '') : null,
		serviceAccount: spec.serviceAccountName ?? 'default',
		pullSecrets,
		isListInherited: pullSecrets.length > 0 ? isListInherited(pod) : null,
		containers: [...init, ...ordinary],
	};
	return {
		...facts,
		containers: await Promise.all(facts.containers.map((container) => completeWaiting(access, facts, container))),
	};
}

/**
 * A list that somebody wrote has an owner in managedFields; one that ServiceAccount admission added has none,
 * because admission runs after fields have been given their managers. Null: the Pod has no managedFields.
 */
function isListInherited({ metadata }: Pod): boolean | null {
	const owners = metadata.managedFields ?? [];
	if (owners.length === 0) return null;
	return !owners.some(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:imagePullSecrets'] !== undefined);
}

function describeContainer(
	pod: Pod,
	container: Container,
	kind: ContainerFacts['kind'],
	told: ContainerStatus | undefined,
): ContainerFacts {
	const status = told && (isOutdated(pod, container, kind, told) ? forget(told) : told);
	const { waiting, running, terminated } = status?.state ?? {};
	return {
		name: container.name,
		kind,
		image: container.image ?? '',
		policy: container.imagePullPolicy ?? 'IfNotPresent',
		imageId: status?.imageID ?? '',
		isOnNode: null,
		state: waiting ? 'waiting' : running ? 'running' : terminated ? 'terminated' : 'unknown',
		waiting: waiting ? { reason: waiting.reason ?? '', message: waiting.message ?? '' } : null,
		startedAt: running?.startedAt ?? terminated?.startedAt ?? null,
		outdatedUntil: status === undefined ? null : findOutdatedUntil(pod, container, kind, status),
		ended: describeEnd(terminated),
		endedBefore: describeEnd(status?.lastState?.terminated),
		isReady: status?.ready ?? false,
		restartCount: status?.restartCount ?? 0,
	};
}

/** All that stays of a status that is of another image. */
function forget({ name, lastState, restartCount }: ContainerStatus): ContainerStatus {
	return { name, ...(lastState && { lastState }), ...(restartCount !== undefined && { restartCount }) };
}

/** Reasons with which a runtime says that there was nothing to run (containerd and CRI-O; dockershim's heirs). */
const startFailures: ReadonlySet<string> = new Set(['StartError', 'ContainerCannotRun', 'RunContainerError']);

function describeEnd(terminated: TerminatedState | undefined): EndFacts | null {
	if (terminated === undefined) return null;
	const { exitCode = 0, reason = '', message = '', startedAt = null, finishedAt = null } = terminated;
	return {
		exitCode,
		reason,
		message: startFailures.has(reason) ? message : '',
		// What never began is told to have begun in 1970.
		startedAt: startedAt !== null && Date.parse(startedAt) > 0 ? startedAt : null,
		finishedAt,
	};
}

/** Before 1.32 ImagePullBackOff does not say why; the event of the failed pull does. */
async function completeWaiting(access: Access, pod: PodFacts, container: ContainerFacts): Promise<ContainerFacts> {
	const { waiting } = container;
	if (waiting?.reason !== 'ImagePullBackOff' || waiting.message.includes('ErrImagePull: ')) return container;
	const selector = encodeURIComponent(`involvedObject.uid=${pod.uid},reason=Failed`);
	const events = await access
		.read<List<Event>>(`/api/v1/namespaces/${pod.namespace}/events?fieldSelector=${selector}`)
		.catch(() => null);
	const words = (events?.items ?? [])
		.filter(({ message }) => message?.startsWith(`Failed to pull image "${container.image}": `))
		.toSorted((a, b) => (a.lastTimestamp ?? '').localeCompare(b.lastTimestamp ?? ''))
		.at(-1)?.message;
	if (words === undefined) return container;
	const completed: WaitingState = {
		...waiting,
		message: `${waiting.message}: ErrImagePull: ${words.slice(words.indexOf('": ') + 3)}`,
	};
	return { ...container, waiting: completed };
}
