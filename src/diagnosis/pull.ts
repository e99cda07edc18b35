/** Why a container's image is not pulled: first what the node's own words settle, then what stands behind a denial. */

import type { JudgeContext } from '../model/check.ts';
import type { ContainerFacts, PodFacts, PullFacts } from '../model/evidence.ts';
import type { Reason } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import type { PullCause } from '../pull/cause.ts';
import { isSameReference, nameHost } from '../pull/image.ts';
import { diagnoseDenial, listLookups } from './denial.ts';
import { mendEnvironment, recreatePod } from './kubectl.ts';
import { diagnoseMalformed, findUsername } from './secret.ts';
import type { Wanted } from './wanted.ts';
import { quoteWaiting } from './words.ts';

/** Causes that the node's words settle alone. */
const settled: Partial<Record<PullCause, { reason: Reason; remedy: string }>> = {
	name: { reason: 'ImageNameInvalid', remedy: "Correct the image's name: lower case, host/repository:tag." },
	throttled: { reason: 'PullThrottled', remedy: 'The node tries again by itself; look again in a moment.' },
	'rate-limited': {
		reason: 'RegistryRateLimited',
		remedy: 'Wait until the registry answers again; the node keeps trying.',
	},
	forbidden: { reason: 'RegistryForbidden', remedy: 'Use credentials of a user who may pull from this repository.' },
	failing: { reason: 'RegistryFailing', remedy: "Look at the registry's own log; the node keeps trying." },
	dns: { reason: 'RegistryUnreachable', remedy: "Check the host in the image's name." },
	unreachable: {
		reason: 'RegistryUnreachable',
		remedy: "Check the host in the image's name, and that the registry runs.",
	},
	tls: { reason: 'RegistryTlsMismatch', remedy: 'Make the node trust the registry, or use its right host and port.' },
	platform: { reason: 'ImagePlatformMismatch', remedy: "Use an image that is built for the node's platform." },
	'not-found': { reason: 'ImageNotFound', remedy: 'Correct the repository or the tag.' },
	never: { reason: 'ImageNeverPulled', remedy: 'Leave imagePullPolicy out, or set it to IfNotPresent or Always.' },
	other: { reason: 'PullFailedOtherwise', remedy: 'Read what the node says, below Events.' },
};

/** Causes that are the environment's fault where the image is the one that the task asks for. */
const environmentCauses: ReadonlySet<PullCause> = new Set([
	'throttled',
	'failing',
	'rate-limited',
	'dns',
	'unreachable',
	'tls',
]);

export function diagnosePullFailure(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	cause: PullCause,
	wanted: Wanted,
	context: JudgeContext,
): Diagnosis {
	const other = diagnoseOtherImage(pod, container, wanted, context);
	if (cause === 'malformed') return addOther(diagnoseBrokenSecret(facts, pod, container, context), other);
	const known = settled[cause];
	// With the image on the node, Never refuses only a Pod whose credentials the node does not know.
	if (known === undefined || (cause === 'never' && container.isOnNode === true))
		return other ?? addHistory(diagnoseDenial(facts, pod, container, wanted, context), container);

	const isEnvironment =
		cause === 'throttled' ||
		(environmentCauses.has(cause) && wanted.image !== undefined && other === null && isOurs(container, context));
	const diagnosis: Diagnosis = {
		reason: known.reason,
		message: describeFailure(known.reason, pod, container),
		...(other?.expected !== undefined && { expected: other.expected }),
		actual: quoteWaiting(container),
		remedy: isEnvironment && cause !== 'throttled' ? mendEnvironment : `${known.remedy}\n${recreatePod(pod)}`,
		...(isEnvironment && { isError: true as const }),
	};
	return addHistory(addOther(diagnosis, other), container);
}

/** Null where no image is asked for, or it is the one. */
export function diagnoseOtherImage(
	pod: PodFacts,
	container: ContainerFacts,
	{ image, container: wanted }: Wanted,
	context: JudgeContext,
): Diagnosis | null {
	if (image === undefined) return null;
	const isWanted = ({ image: used }: ContainerFacts) => isSameReference(used, image, context.digests[image] ?? []);
	// What stands beside the container that is asked for may run what it likes.
	const isAside = wanted === undefined ? pod.containers.some(isWanted) : container.name !== wanted;
	if (isWanted(container) || isAside) return null;
	return {
		reason: 'ImageOther',
		message: `Container ${container.name} of Pod ${pod.namespace}/${pod.name} uses another image than the task asks for.`,
		expected: image,
		actual: container.image,
		remedy: `Set the image of container ${container.name} to ${image}, then:\n${recreatePod(pod)}`,
	};
}

function describeFailure(reason: Reason, pod: PodFacts, container: ContainerFacts): string {
	const image = container.image;
	const where = `Pod ${pod.namespace}/${pod.name}`;
	const host = nameHost(image);
	switch (reason) {
		case 'ImageNameInvalid':
			return `${image}, the image of ${where}, is not an image name.`;
		case 'ImageNotFound':
			return `The credentials of ${where} are accepted, but the registry has no ${image}.`;
		case 'ImageNeverPulled':
			return `${where} has the pull policy Never, so the node uses ${image} only if it is already there and the Pod may use it.`;
		case 'RegistryUnreachable':
			return `The node cannot reach ${host}, from which ${where} wants to pull.`;
		case 'RegistryTlsMismatch':
			return `The node and ${host}, from which ${where} wants to pull, do not agree on TLS.`;
		case 'RegistryRateLimited':
			return `${host} says that it is asked too often.`;
		case 'RegistryForbidden':
			return `${host} knows the user, and forbids ${where} to pull ${image}.`;
		case 'RegistryFailing':
			return `${host} fails with an error of its own.`;
		case 'PullThrottled':
			return `The node pulled too many images at once, and has put off that of ${where}.`;
		case 'ImagePlatformMismatch':
			return `${image} has no variant for the platform of node ${pod.node}.`;
		default:
			return `${where} cannot pull ${image}.`;
	}
}

function diagnoseBrokenSecret(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	context: JudgeContext,
): Diagnosis {
	const host = nameHost(container.image);
	const target = { host, username: findUsername(context, host) };
	for (const lookup of listLookups(facts, container)) {
		const diagnosis = diagnoseMalformed(lookup, target);
		if (diagnosis !== null) return { ...diagnosis, actual: quoteWaiting(container) };
	}
	return {
		reason: 'CredentialsMalformed',
		message: `The kubelet cannot read one of the pull Secrets of Pod ${pod.namespace}/${pod.name}.`,
		actual: quoteWaiting(container),
		remedy: 'Make the Secret anew with kubectl create secret docker-registry.',
	};
}

/** Only the environment's own registries are the environment's fault. */
function isOurs({ image }: ContainerFacts, { registries }: JudgeContext): boolean {
	return registries.some(({ host }) => host === nameHost(image));
}

function addOther(diagnosis: Diagnosis, other: Diagnosis | null): Diagnosis {
	return other === null ? diagnosis : { ...diagnosis, also: [...(diagnosis.also ?? []), other] };
}

/** A container is checked again when it restarts: what is so now is the cause, but that it ran is worth knowing. */
function addHistory(diagnosis: Diagnosis, container: ContainerFacts): Diagnosis {
	if (container.lastFinishedAt === null) return diagnosis;
	return { ...diagnosis, message: `${diagnosis.message} It ran until its container restarted.` };
}
