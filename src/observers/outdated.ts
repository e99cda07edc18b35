/** Whether what a node tells of a container is of the image that its Pod named before, and not of the one that it names now. */

import type { ContainerFacts } from '../model/evidence.ts';
import { causeOfWaiting } from '../pull/cause.ts';
import { isAboutAnother, normaliseImage, readDigest } from '../pull/image.ts';
import type { Container, ContainerStatus, Pod } from './objects.ts';

type Kind = ContainerFacts['kind'];

/** Milliseconds that a node may take to see a change, beside those that a container is given to end. */
const notice = 10_000;

/** Of a container that does not run: its state will be another one, whatever becomes of the present image. */
export function isOutdated(pod: Pod, container: Container, kind: Kind, status: ContainerStatus): boolean {
	const { image = '' } = container;
	const { waiting, terminated } = status.state ?? {};
	if (waiting !== undefined) {
		const { reason = '', message = '' } = waiting;
		// Until there is a container, its status has the name that stood in the Pod.
		const isOfAnother = status.containerID === undefined && Boolean(status.image) && status.image !== image;
		if (causeOfWaiting({ reason, message }) !== null) return isOfAnother || isAboutAnother(message, image);
		const begun = status.lastState?.terminated?.startedAt;
		return reason === 'CrashLoopBackOff' && isOfFormer(pod, container, kind, status, begun);
	}
	return (
		terminated !== undefined &&
		isToRun(pod, container, kind, status) &&
		isOfFormer(pod, container, kind, status, terminated.startedAt)
	);
}

/** Of one that runs: RFC 3339, until when its node may take to end it; null: it is of the present image. */
export function findOutdatedUntil(pod: Pod, container: Container, kind: Kind, status: ContainerStatus): string | null {
	const { running } = status.state ?? {};
	// The node lets an init container end, and then has no more use for its image.
	if (running === undefined || kind === 'init' || !isOfFormer(pod, container, kind, status, running.startedAt))
		return null;
	const grace = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
	return new Date(findChange(pod, container, kind) + grace + notice).toISOString();
}

/**
 * A runtime gives an image the first of its names, whichever one a Pod pulled it by; so another name alone shows nothing,
 * where the container may have begun after the Pod was changed.
 */
function isOfFormer(
	pod: Pod,
	container: Container,
	kind: Kind,
	{ image = '', imageID = '', restartCount = 0 }: ContainerStatus,
	begun: string | null | undefined,
): boolean {
	const named = container.image ?? '';
	const digest = readDigest(named);
	if (digest !== null && digest === readDigest(imageID)) return false;
	if (image === '' || normaliseImage(image) === normaliseImage(named) || !begun) return false;
	const changed = findChange(pod, container, kind);
	// Both are told in whole seconds.
	return Date.parse(begun) < changed || (Date.parse(begun) === changed && restartCount === 0);
}

/** Whether its node is to start it once more. */
function isToRun(pod: Pod, container: Container, kind: Kind, { state }: ContainerStatus): boolean {
	const { exitCode = 0, finishedAt } = state?.terminated ?? {};
	if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return false;
	const { restartPolicy = 'Always' } = pod.spec;
	if (kind === 'init') return exitCode !== 0 && restartPolicy !== 'Never';
	if (kind === 'sidecar' || restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0))
		return true;
	// What was ended for the sake of another image is started again in any case.
	return Date.parse(finishedAt ?? '') >= findChange(pod, container, kind);
}

/** Milliseconds since the epoch, when the container's image may have been set last; NaN: not since the Pod was created. */
function findChange({ metadata }: Pod, { name }: Container, kind: Kind): number {
	const { generation, creationTimestamp = '', managedFields = [] } = metadata;
	// Before 1.33 Pods are given no generation.
	if (generation === 1) return Number.NaN;
	const list = kind === 'container' ? 'f:containers' : 'f:initContainers';
	const times = managedFields
		.filter(({ fieldsV1 }) => {
			const containers = fieldsV1?.['f:spec']?.[list] as Record<string, Record<string, unknown>> | undefined;
			return containers?.[`k:{"name":"${name}"}`]?.['f:image'] !== undefined;
		})
		.map(({ time = '' }) => Date.parse(time));
	const last = Math.max(...times);
	return generation === undefined && last <= Date.parse(creationTimestamp) ? Number.NaN : last;
}
