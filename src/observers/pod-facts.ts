/** From a Pod as the API server has it to the facts that judging needs. */

import type { ContainerFacts, EndFacts, PodFacts } from '../model/evidence.ts';
import type { Access } from './access.ts';
import { type Container, type ContainerStatus, listNames, type Pod, type TerminatedState } from './objects.ts';
import { findOutdatedUntil, isOutdated } from './outdated.ts';
import { listPodEvents } from './pod-events.ts';

export async function describePod(access: Access, pod: Pod): Promise<PodFacts> {
	const { metadata, spec, status } = pod;
	const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
	const pullSecrets = listNames(spec.imagePullSecrets);
	const [init, ordinary] = await Promise.all([
		Promise.all((spec.initContainers ?? []).map((each) => describe(each, status?.initContainerStatuses))),
		Promise.all(spec.containers.map((each) => describe(each, status?.containerStatuses, 'container'))),
	]);
	return {
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

	async function describe(
		container: Container,
		statuses: readonly ContainerStatus[] = [],
		kind: ContainerFacts['kind'] = container.restartPolicy === 'Always' ? 'sidecar' : 'init',
	): Promise<ContainerFacts> {
		const told = statuses.find(({ name }) => name === container.name);
		return describeContainer(pod, container, kind, told && (await completeWaiting(access, pod, container, told)));
	}
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

/**
 * Before 1.32 ImagePullBackOff does not say why; the event of the failed pull does. So it does where a container that ran
 * is to be started again and cannot be pulled: between two tries the node speaks of it as of one that crashed.
 */
async function completeWaiting(
	access: Access,
	pod: Pod,
	{ image = '' }: Container,
	status: ContainerStatus,
): Promise<ContainerStatus> {
	const { reason = '', message = '' } = status.state?.waiting ?? {};
	const isBare = reason === 'ImagePullBackOff' && !message.includes('ErrImagePull: ');
	const ended = reason === 'CrashLoopBackOff' ? status.lastState?.terminated?.finishedAt : null;
	if (!isBare && !ended) return status;
	const words = await findPullFailure(access, pod, image, ended ?? '');
	if (words === null) return status;
	const waiting = isBare
		? { reason, message: `${message}: ErrImagePull: ${words}` }
		: { reason: 'ErrImagePull', message: words };
	return { ...status, state: { waiting } };
}

/** What the node said when it last failed to pull the image, no sooner than `since` (RFC 3339); null: nothing is known. */
async function findPullFailure(
	access: Access,
	{ metadata: { namespace = 'default', uid = '' } }: Pod,
	image: string,
	since: string,
): Promise<string | null> {
	const events = await listPodEvents(access, { namespace, uid }, 'Failed');
	const last = events
		.filter(({ message }) => message?.startsWith(`Failed to pull image "${image}": `))
		.toSorted((a, b) => (a.lastTimestamp ?? '').localeCompare(b.lastTimestamp ?? ''))
		.at(-1);
	if (last?.message === undefined || (last.lastTimestamp ?? '') < since) return null;
	return last.message.slice(last.message.indexOf('": ') + 3);
}
