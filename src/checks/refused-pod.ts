/** A Pod whose pull is refused because it has no credentials for the registry. */

import * as z from 'zod';
import { addCauses } from '../diagnosis/also.ts';
import { diagnoseControls } from '../diagnosis/controls.ts';
import { listLookups } from '../diagnosis/denial.ts';
import { diagnosePolicy } from '../diagnosis/earned.ts';
import { recreatePod } from '../diagnosis/kubectl.ts';
import { diagnoseAbsentPod, diagnosePod, isOutdated } from '../diagnosis/pod.ts';
import { diagnoseOtherImage } from '../diagnosis/pull.ts';
import { quoteWaiting } from '../diagnosis/words.ts';
import type { CheckKind, JudgeContext } from '../model/check.ts';
import type { ContainerFacts, ControlsQuery, PodFacts, PullFacts, PullQuery } from '../model/evidence.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { causeOfWaiting } from '../pull/cause.ts';
import { isPullSecretType } from '../pull/docker-config.ts';
import { isSameReference } from '../pull/image.ts';
import { askedPull } from './asked-pull.ts';

interface Params {
	namespace: string;
	name: string;
	image: string;
	policy?: 'Always' | 'IfNotPresent' | 'Never' | undefined;
}

export const refusedPod: CheckKind<Params, { pull: PullQuery; controls: ControlsQuery }> = {
	kind: 'refused-pod',
	summary: 'The pull of a Pod is refused because it brings no credentials.',
	params: z.strictObject({ namespace: z.string(), name: z.string(), image: askedPull.image, policy: askedPull.policy }),
	reasons: [
		...(['NamespaceMissing', 'PodMissing', 'PodRefused', 'PodUnschedulable', 'PodStarting', 'ImageOther'] as const),
		...(['PullNotRefused', 'RefusedForAnotherReason', 'PullPolicyOther', 'ControlNotRefused'] as const),
		'NotObserved',
	],
	needs: ({ namespace, name }) => ({
		pull: { kind: 'pull', namespace, pod: name },
		controls: { kind: 'controls' },
	}),
	judge(params, { pull, controls }, context) {
		if (pull === null) throw new Error('a pull always has facts');
		if (pull.pod === null) return diagnoseAbsentPod(pull, params);
		const untold = diagnoseControls(controls, context);
		if (untold !== null) return untold;

		const { pod } = pull;
		const waiting = findRefused(pod, params, context);
		if (waiting === undefined) return diagnoseUnrefused(pull, pod, params, context);
		return (
			diagnoseOtherImage(pod, waiting, params, context) ??
			diagnoseUntried(pod, waiting, params, context) ??
			diagnoseRefusal(pull, pod, waiting, params, context) ??
			diagnosePolicy(pod, waiting, params)
		);
	},
};

/** Of several containers the one whose image is asked for; undefined where none is refused, or that one is not. */
function findRefused(pod: PodFacts, params: Params, context: JudgeContext): ContainerFacts | undefined {
	const refused = pod.containers.filter(({ waiting }) => causeOfWaiting(waiting) !== null);
	const isWanted = isOf(params, context);
	return (
		refused.find(isWanted) ??
		(pod.containers.some((container) => isWanted(container) && isPulled(container, context)) ? undefined : refused[0])
	);
}

function isOf({ image }: Params, { digests }: JudgeContext): (container: ContainerFacts) => boolean {
	return (container) => isSameReference(container.image, image, digests[image] ?? []);
}

function isPulled(container: ContainerFacts, context: JudgeContext): boolean {
	return !isOutdated(container, context) && (container.imageId !== '' || container.startedAt !== null);
}

/** The container does not wait for its image: it has it, or it has not got that far. */
function diagnoseUnrefused(pull: PullFacts, pod: PodFacts, params: Params, context: JudgeContext): Diagnosis {
	const first = pod.containers.find(isOf(params, context)) ?? pod.containers[0];
	if (first === undefined || !isPulled(first, context)) {
		const unready = diagnosePod(pull, params, context);
		if (unready !== null && unready.reason !== 'ContainerNotCreated') return unready;
	}
	const other = first === undefined ? null : diagnoseOtherImage(pod, first, params, context);
	if (other !== null) return other;
	return {
		reason: 'PullNotRefused',
		message: `Pod ${pod.namespace}/${pod.name} should be refused, but it got its image.`,
		expected: 'ErrImagePull or ImagePullBackOff',
		actual: pod.pullSecrets.length > 0 ? `pulled, with ${pod.pullSecrets.join(', ')} on its list` : 'pulled',
		remedy: `Make it without imagePullSecrets, in a namespace whose ServiceAccount has none either:\n${recreatePod(pod)}`,
	};
}

/** Another container is refused before the one whose image is asked for, or a moment before it. */
function diagnoseUntried(
	pod: PodFacts,
	refused: ContainerFacts,
	params: Params,
	context: JudgeContext,
): Diagnosis | null {
	if (isOf(params, context)(refused)) return null;
	return {
		reason: 'RefusedForAnotherReason',
		message: `Container ${refused.name} of Pod ${pod.namespace}/${pod.name} is refused, and no node has tried ${params.image} for it yet.`,
		expected: 'no basic auth credentials',
		actual: `${refused.image}: ${quoteWaiting(refused)}`,
		remedy: `Leave container ${refused.name} out, then:\n${recreatePod(pod)}`,
		// Those that begin together are tried one after the other; what has to end first holds the others up.
		...(refused.kind === 'container' && { isUnsettled: true }),
	};
}

/** Null: refused for want of credentials. */
function diagnoseRefusal(
	pull: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	params: Params,
	context: JudgeContext,
): Diagnosis | null {
	const cause = causeOfWaiting(container.waiting);
	if (cause === 'no-credentials') return null;
	// A node that has the image and never pulls refuses those who could not pull it either.
	const isTold = cause === 'denied' || (cause === 'never' && container.isOnNode === true);
	if (isTold && !offersCredentials(pull, container)) return null;
	const inner = diagnosePod(pull, params, context);
	if (inner?.isError) return inner;
	const lead: Diagnosis = {
		reason: 'RefusedForAnotherReason',
		message: `Pod ${pod.namespace}/${pod.name} is refused, but not because it brings no credentials.`,
		expected: 'no basic auth credentials',
		actual: quoteWaiting(container),
		remedy: `Make it without imagePullSecrets, with the image ${params.image}:\n${recreatePod(pod)}`,
	};
	return addCauses(lead, inner === null ? [] : [inner]);
}

/** For runtimes whose denial does not tell whether anything was offered: whether a kubelet finds what it could offer. */
function offersCredentials(pull: PullFacts, container: ContainerFacts): boolean {
	return listLookups(pull, container).some(
		({ secret }) =>
			secret !== null &&
			isPullSecretType(secret.type) &&
			secret.entries.some((entry) => entry.matches && entry.trial !== null),
	);
}
