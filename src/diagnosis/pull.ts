/** Why a container's image is not pulled: first what the node's own words settle, then what stands behind a denial. */

import type { JudgeContext } from '../model/check.ts';
import type { ContainerFacts, PodFacts, PullFacts } from '../model/evidence.ts';
import type { Reason } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import type { PullCause } from '../pull/cause.ts';
import { isSameReference, nameHost } from '../pull/image.ts';
import { addCauses } from './also.ts';
import { diagnoseDenial, listLookups } from './denial.ts';
import { inNamespace, mendEnvironment, recreatePod, recreateSecret, repeatPod, setImage } from './kubectl.ts';
import { diagnoseMalformed, findUsername } from './secret.ts';
import type { Wanted } from './wanted.ts';
import { joinWords, quoteWaiting } from './words.ts';

/** Causes that the node's words settle alone. */
const settled: Partial<Record<PullCause, Reason>> = {
	name: 'ImageNameInvalid',
	throttled: 'PullThrottled',
	'rate-limited': 'RegistryRateLimited',
	forbidden: 'RegistryForbidden',
	failing: 'RegistryFailing',
	dns: 'RegistryUnreachable',
	unreachable: 'RegistryUnreachable',
	tls: 'RegistryTlsMismatch',
	platform: 'ImagePlatformMismatch',
	'not-found': 'ImageNotFound',
	never: 'ImageNeverPulled',
	other: 'PullFailedOtherwise',
};

/**
 * Causes for which the registry has said nothing of the credentials. They are the environment's fault where the image is
 * the one that the task asks for.
 */
const unaskedCauses: ReadonlySet<PullCause> = new Set([
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
	const others = other === null ? [] : [other];
	const broken = cause === 'malformed' ? diagnoseBrokenSecret(facts, pod, container, context) : null;
	if (broken !== null) return addHistory(addCauses(broken, others), container);
	const reason = settled[cause];
	// With the image on the node, Never refuses only a Pod whose credentials the node does not know.
	if (reason === undefined || (cause === 'never' && container.isOnNode === true)) {
		const denial = addHistory(diagnoseDenial(facts, pod, container, wanted, context), container);
		if (other === null) return denial;
		const lead = { ...other, actual: joinWords(other.actual, quoteWaiting(container)) };
		return addCauses(lead, listHolding(facts, pod, container, wanted, context));
	}
	if (unaskedCauses.has(cause) && facts.unread.length === 0)
		others.push(...listHolding(facts, pod, container, wanted, context));

	const isEnvironment =
		cause === 'throttled' ||
		(unaskedCauses.has(cause) && wanted.image !== undefined && other === null && isOurs(container, context));
	const diagnosis: Diagnosis = {
		reason,
		message: describeFailure(reason, pod, container),
		...(other?.expected !== undefined && { expected: other.expected }),
		actual: quoteWaiting(container),
		remedy:
			isEnvironment && cause !== 'throttled'
				? mendEnvironment
				: proposeRemedy(cause, pod, container, wanted, other !== null, context),
		...(isEnvironment && { isError: true as const }),
	};
	return addHistory(addCauses(diagnosis, others), container);
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

/** What a learner can do about it, as far as somebody can who has only kubectl. */
function proposeRemedy(
	cause: PullCause,
	pod: PodFacts,
	container: ContainerFacts,
	{ image: wanted }: Wanted,
	isOther: boolean,
	context: JudgeContext,
): string {
	const { namespace, name, pullSecrets } = pod;
	const kubectl = `kubectl${inNamespace(namespace)}`;
	const host = nameHost(container.image);
	const retry = `The node keeps trying; another Pod is tried at once:\n${repeatPod(pod)}`;
	const mendHost = (what: string, otherwise: string) => {
		const correct = `Correct ${what} in the image's name`;
		if (isOther) return `${correct}:\n${setImage(pod, container.name, wanted ?? '')}`;
		const slip =
			wanted === undefined
				? `${correct}, if that is a slip:\n${setImage(pod, container.name, 'HOST/REPOSITORY:TAG')}\nElse: `
				: '';
		return `${slip}${otherwise} ${retry}`;
	};
	switch (cause) {
		case 'name':
			return `Correct the image's name: lower case, host/repository:tag. Then:\n${recreatePod(pod)}`;
		case 'not-found':
			return `Correct the repository or the tag, then:\n${recreatePod(pod)}`;
		case 'platform':
			return `Use an image that is built for the node's platform, then:\n${recreatePod(pod)}`;
		case 'never':
			return `Leave imagePullPolicy out, or set it to IfNotPresent or Always, then:\n${recreatePod(pod)}`;
		case 'dns':
			return mendHost('the host', 'The name has to be one that the node can resolve.');
		case 'unreachable':
			return mendHost('host or port', 'The registry has to run, where the node can reach it.');
		case 'tls':
			return mendHost('host or port', 'Whoever runs the node has to make it trust this registry.');
		case 'forbidden': {
			const [secret = 'NAME'] = pullSecrets.filter((each) => each !== '');
			return `Use credentials of somebody who may pull ${container.image}:\n${recreateSecret(namespace, secret, host, findUsername(context, host))}\n${retry}`;
		}
		case 'other':
			return `What the node says is below Events:\n${kubectl} describe pod ${name}`;
		default:
			return `The node tries again by itself; this shows whether it got through:\n${kubectl} get pod ${name}`;
	}
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

/** Null: whatever could not be read then, all that the Pod lists can be read now. */
function diagnoseBrokenSecret(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	context: JudgeContext,
): Diagnosis | null {
	const host = nameHost(container.image);
	const target = { host, username: findUsername(context, host) };
	const lookups = listLookups(facts, container);
	for (const lookup of lookups) {
		const diagnosis = diagnoseMalformed(lookup, target);
		if (diagnosis !== null) return { ...diagnosis, actual: quoteWaiting(container) };
	}
	const isAllSeen = pod.pullSecrets.every((name) => name === '' || lookups.some((lookup) => lookup.name === name));
	if (isAllSeen) return null;
	return {
		reason: 'CredentialsMalformed',
		message: `The kubelet cannot read one of the pull Secrets of Pod ${pod.namespace}/${pod.name}.`,
		actual: quoteWaiting(container),
		remedy: `Make it anew; these are the Secrets that the Pod lists:\nkubectl${inNamespace(pod.namespace)} get secret ${pod.pullSecrets.join(' ')}`,
	};
}

/** Only the environment's own registries are the environment's fault. */
function isOurs({ image }: ContainerFacts, { registries }: JudgeContext): boolean {
	return registries.some(({ host }) => host === nameHost(image));
}

/** Reasons that depend on the registry that is asked. */
const reasonsOfHost: ReadonlySet<Reason> = new Set(['PullSecretEmpty', 'RegistryNotListed', 'CredentialsRejected']);

/** What stands behind a denial, as far as it holds whatever became of this pull: of another registry's image less does. */
function listHolding(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	wanted: Wanted,
	context: JudgeContext,
): Diagnosis[] {
	const { image = container.image } = wanted;
	const isAsked = nameHost(image) === nameHost(container.image);
	const denial = diagnoseDenial(facts, pod, isAsked ? container : { ...container, image }, wanted, context);
	return [denial, ...(denial.also ?? [])].filter(
		({ reason, isError }) =>
			reason !== 'PullRetryPending' && isError !== true && (isAsked || !reasonsOfHost.has(reason)),
	);
}

/** A container is checked again when it restarts: what is so now is the cause, but that it ran is worth knowing. */
function addHistory(diagnosis: Diagnosis, container: ContainerFacts): Diagnosis {
	if (!container.endedBefore?.startedAt) return diagnosis;
	return { ...diagnosis, message: `${diagnosis.message} It ran until its container restarted.` };
}
