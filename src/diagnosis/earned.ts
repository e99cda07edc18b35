/** Whether a Pod that is there has earned its image, in the way that a task asks for. */

import type { JudgeContext } from '../model/check.ts';
import type { ContainerFacts, PodFacts, PullFacts, PullLogFacts } from '../model/evidence.ts';
import { passingReasons } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { isSameReference, nameRepository, readDigest } from '../pull/image.ts';
import { addCauses } from './also.ts';
import { diagnoseOlderPod, diagnoseOwnList } from './denial.ts';
import { diagnoseFreshness } from './freshness.ts';
import { nameField, recreatePod } from './kubectl.ts';
import { diagnosePod } from './pod.ts';
import { describeOtherSecret, diagnoseCredentials, diagnoseServed, findPulled, wasServed } from './proof.ts';
import { diagnoseOtherImage } from './pull.ts';
import { joinWords } from './words.ts';

/** What a task asks of a pull. */
export interface AskedPull {
	image: string;
	/** The container that is to run it; undefined: any. */
	container?: string | undefined;
	through: 'pod' | 'service-account' | 'any';
	secret?: string | undefined;
	policy?: 'Always' | 'IfNotPresent' | 'Never' | undefined;
	/** How the image must be named; undefined: either way. */
	reference?: 'tag' | 'digest' | undefined;
	/** Whether it must have been pulled since the registry's password was changed. */
	fresh?: boolean | undefined;
}

/** Milliseconds by which a node's status may be behind: the kubelet lists its images every 30 s, and tells of them 10 s later. */
const statusLag = 60_000;

/** Null: earned. The controls are not looked at here. */
export function diagnoseEarned(
	pull: PullFacts,
	pod: PodFacts,
	log: PullLogFacts | null,
	asked: AskedPull,
	context: JudgeContext,
): Diagnosis | null {
	const digests = context.digests[asked.image] ?? [];
	const references = [...digests, asked.image.slice(asked.image.lastIndexOf(':') + 1)];
	const records = log?.log?.records ?? [];
	const isServed = (since: number) =>
		pod.containers.some((container) =>
			wasServed(
				records.filter(({ time }) => Date.parse(time) >= since),
				pod.nodeAddresses,
				container,
				references,
			),
		);
	const wanted = {
		...asked,
		namespace: pod.namespace,
		name: pod.name,
		isCached: isServed(0),
		isArriving: isServed(Date.parse(context.collectedAt) - statusLag),
	};
	const absent = diagnoseContainerName(pod, asked);
	if (absent !== null) return absent;
	const broken = diagnosePod(pull, wanted, context);
	if (broken !== null) return addAsked(broken, pull, pod, asked, context);
	const container = findPulled(pod, digests, asked.container);
	if (container === undefined) return diagnoseForeignImage(pod, asked, context);
	return (
		diagnoseReference(pod, container, asked, digests) ??
		diagnosePolicy(pod, container, asked) ??
		diagnoseWay(pull, pod, asked) ??
		diagnoseCredentials(pull, pod, container, asked.secret, context) ??
		diagnoseServed(pod, container, log, references) ??
		(asked.fresh === true ? diagnoseFreshness(pod, container, log, references, context) : null)
	);
}

/** A Pod that is not there yet, or not by any fault of its own, is asked nothing more. */
function addAsked(
	broken: Diagnosis,
	pull: PullFacts,
	pod: PodFacts,
	asked: AskedPull,
	context: JudgeContext,
): Diagnosis {
	if (broken.isError === true || passingReasons.has(broken.reason)) return broken;
	const digests = context.digests[asked.image] ?? [];
	const container = pod.containers.find(
		({ name, image }) =>
			(asked.container === undefined || name === asked.container) && isSameReference(image, asked.image, digests),
	);
	if (container === undefined) return broken;
	const isPending = broken.reason === 'PullRetryPending';
	const others = [
		diagnoseReference(pod, container, asked, digests),
		diagnosePolicy(pod, container, asked),
		diagnoseWay(pull, pod, asked),
		isPending ? diagnoseCredentials(pull, pod, container, asked.secret, context) : null,
	].filter((each) => each !== null);
	const [first] = others;
	if (!isPending || first === undefined) return addCauses(broken, others);
	// The kubelet will pull it, and still it is not what the task asks for.
	return addCauses({ ...first, actual: joinWords(first.actual, broken.actual ?? '') }, [...others, broken]);
}

function diagnoseContainerName(pod: PodFacts, { container: wanted }: AskedPull): Diagnosis | null {
	const names = pod.containers.map(({ name }) => name);
	if (wanted === undefined || names.includes(wanted)) return null;
	return {
		reason: 'FieldOther',
		message: `Pod ${pod.namespace}/${pod.name} has no container ${wanted}.`,
		expected: wanted,
		actual: names.join(', '),
		remedy: `Name it so under ${nameField('containers', pod)}, then:\n${recreatePod(pod)}`,
	};
}

/** The Pod runs, but nothing in it is the image that `up` pushed. */
function diagnoseForeignImage(pod: PodFacts, asked: AskedPull, context: JudgeContext): Diagnosis {
	const candidates = pod.containers.filter(({ name }) => asked.container === undefined || name === asked.container);
	const wanted = { ...asked, namespace: pod.namespace, name: pod.name };
	const others = candidates.map((container) => diagnoseOtherImage(pod, container, wanted, context));
	const [other] = others;
	if (other && !others.includes(null)) return other;
	return {
		reason: 'PullNotProven',
		message: `Pod ${pod.namespace}/${pod.name} runs ${asked.image}, but not the one that this registry serves.`,
		expected: (context.digests[asked.image] ?? []).join(' or '),
		actual: candidates.map((container) => container.imageId).join(', '),
		remedy: `The image came to the node by another way than a pull. Make the Pod anew with imagePullPolicy: Always:\n${recreatePod(pod)}`,
	};
}

/** The image is the right one; whether it is named by what the task is about. */
function diagnoseReference(
	pod: PodFacts,
	container: ContainerFacts,
	{ image, reference }: AskedPull,
	[digest = '']: readonly string[],
): Diagnosis | null {
	const isByDigest = readDigest(container.image) !== null;
	if (reference === undefined || isByDigest === (reference === 'digest')) return null;
	const expected = reference === 'digest' ? `${nameRepository(image)}@${digest}` : image;
	return {
		reason: 'ImageOther',
		message: `Container ${container.name} of Pod ${pod.namespace}/${pod.name} names the right image, but not by its ${reference}.`,
		expected,
		actual: container.image,
		remedy: `Set the image of container ${container.name} to ${expected}, then:\n${recreatePod(pod)}`,
	};
}

export function diagnosePolicy(
	pod: PodFacts,
	container: ContainerFacts,
	{ policy }: Pick<AskedPull, 'policy'>,
): Diagnosis | null {
	if (policy === undefined || container.policy === policy) return null;
	return {
		reason: 'PullPolicyOther',
		message: `Container ${container.name} of Pod ${pod.namespace}/${pod.name} has the pull policy ${container.policy}; the task asks for ${policy}.`,
		expected: `imagePullPolicy: ${policy}`,
		actual: `imagePullPolicy: ${container.policy}`,
		remedy: `Without imagePullPolicy it is Always for the tag latest or none, IfNotPresent for others. Set it, then:\n${recreatePod(pod)}`,
	};
}

/** Where the Pod's list came from, and whether the Secret that is asked for is on it. */
function diagnoseWay({ account }: PullFacts, pod: PodFacts, { through, secret }: AskedPull): Diagnosis | null {
	const ofAccount = account?.pullSecrets ?? [];
	if (through === 'service-account' && pod.isListInherited === false && pod.pullSecrets.length > 0) {
		return diagnoseOwnList(pod, ofAccount.length > 0 ? ofAccount : [secret ?? 'the list of the ServiceAccount']);
	}
	if (through === 'pod' && pod.isListInherited === true) {
		return {
			reason: 'PullSecretNotReferenced',
			message: `Pod ${pod.namespace}/${pod.name} names no pull Secret itself; it was given that of ServiceAccount ${pod.serviceAccount}.`,
			expected: `${secret ?? 'a Secret'} under ${nameField('imagePullSecrets', pod)}`,
			actual: `${pod.pullSecrets.join(', ')}, inherited`,
			remedy: `Name the Secret in the manifest, then:\n${recreatePod(pod)}`,
		};
	}
	if (secret !== undefined && pod.pullSecrets.length > 0 && !pod.pullSecrets.includes(secret)) {
		const other = describeOtherSecret(pod, secret, pod.pullSecrets.join(', '));
		// The account has been put right since.
		return pod.isListInherited === true && ofAccount.includes(secret)
			? addCauses(diagnoseOlderPod(pod, ofAccount), [other])
			: other;
	}
	return null;
}
