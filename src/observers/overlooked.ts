/** Secrets that were there when a node tried to pull, and that its kubelet had not read. */

import type { ContainerSecrets, PodFacts } from '../model/evidence.ts';
import { isAccepted } from '../pull/accepted.ts';
import { causeOfWaiting } from '../pull/cause.ts';
import type { Access } from './access.ts';
import { listPodEvents } from './pod-events.ts';

/**
 * A kubelet may hear of its Pod before the API server lets it read that Pod's Secrets (kubernetes/kubernetes#128910). It
 * waits for a Secret for one second, tries without it, and finds it there at its next try. Resolves to the names of those
 * that the registry accepts, in the order of the Pod's list. The events are read only where a pull has failed and such a
 * Secret is there; where they may not be read, there are none.
 */
export async function findOverlooked(
	access: Access,
	pod: PodFacts,
	secrets: readonly ContainerSecrets[],
): Promise<string[]> {
	const isFailing = pod.containers.some(({ waiting }) => causeOfWaiting(waiting) !== null);
	const lookups = secrets.flatMap((each) => each.lookups);
	const right = new Map(lookups.filter(isAccepted).map(({ name, secret }) => [name, secret?.createdAt ?? '']));
	if (!isFailing || right.size === 0) return [];
	const events = await listPodEvents(access, pod, 'FailedToRetrieveImagePullSecret');
	const missed = events.flatMap(({ message = '', lastTimestamp }) =>
		listNamed(message).map((name) => ({ name, at: lastTimestamp ?? '' })),
	);
	// Both times are in whole seconds. A Secret that came in the second of the event may well have come too late for it.
	const isMissed = (name: string, createdAt: string) =>
		missed.some((each) => each.name === name && each.at > createdAt);
	return [...right].filter(([name, createdAt]) => isMissed(name, createdAt)).map(([name]) => name);
}

/** `Unable to retrieve some image pull secrets (one, two); attempting to pull the image may not succeed.` */
function listNamed(message: string): string[] {
	return /\(([^)]*)\)/.exec(message)?.[1]?.split(', ') ?? [];
}
