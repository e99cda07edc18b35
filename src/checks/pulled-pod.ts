/** A Pod that runs an image which it pulled with credentials of its own, and through what it was given them. */

import * as z from 'zod';
import { diagnoseControls } from '../diagnosis/controls.ts';
import { diagnoseOwnList } from '../diagnosis/denial.ts';
import { recreatePod } from '../diagnosis/kubectl.ts';
import { diagnoseAbsentPod, diagnosePod } from '../diagnosis/pod.ts';
import { describeOtherSecret, diagnoseCredentials, diagnoseServed, findPulled, wasServed } from '../diagnosis/proof.ts';
import { diagnoseOtherImage } from '../diagnosis/pull.ts';
import type { CheckKind, JudgeContext } from '../model/check.ts';
import type { ControlsQuery, PodFacts, PullFacts, PullLogQuery, PullQuery } from '../model/evidence.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { nameHost } from '../pull/image.ts';

interface Params {
	namespace: string;
	name: string;
	image: string;
	through: 'pod' | 'service-account' | 'any';
	secret?: string | undefined;
}

export const pulledPod: CheckKind<Params, { pull: PullQuery; log: PullLogQuery; controls: ControlsQuery }> = {
	kind: 'pulled-pod',
	summary: 'A Pod runs an image that it pulled from a private registry with a Secret of its own.',
	params: z.strictObject({
		namespace: z.string(),
		name: z.string(),
		image: z.string(),
		through: z.enum(['pod', 'service-account', 'any']).default('any'),
		secret: z.string().optional(),
	}),
	reasons: [
		...([
			'NamespaceMissing',
			'PodMissing',
			'PodRefused',
			'PodUnschedulable',
			'PodStarting',
			'ContainerNotCreated',
		] as const),
		...(['ContainerCrashing', 'ImageOther', 'ImageNameInvalid', 'ImageNotFound', 'ImageNeverPulled'] as const),
		...(['ImagePlatformMismatch', 'RegistryUnreachable', 'RegistryTlsMismatch', 'RegistryRateLimited'] as const),
		...([
			'RegistryForbidden',
			'RegistryFailing',
			'PullThrottled',
			'PullFailedOtherwise',
			'CredentialsMalformed',
		] as const),
		...(['ServiceAccountSecretNotForPulls', 'ServiceAccountOther', 'PodOlderThanServiceAccountSecret'] as const),
		...([
			'PullSecretNotReferenced',
			'PodListOverridesServiceAccount',
			'PullSecretMissing',
			'PullSecretMisspelt',
		] as const),
		...(['PullSecretInOtherNamespace', 'SecretTypeWrong', 'PullSecretEmpty', 'RegistryNotListed'] as const),
		...(['CredentialsRejected', 'PullRetryPending', 'PullSecretOther', 'PullNotProven', 'PullLogLost'] as const),
		...(['ControlNotRefused', 'NotObserved'] as const),
	],
	needs: ({ namespace, name, image }) => ({
		pull: { kind: 'pull', namespace, pod: name },
		log: { kind: 'pull-log', registry: nameHost(image) },
		controls: { kind: 'controls' },
	}),
	judge(params, { pull, log, controls }, context) {
		if (pull === null) throw new Error('a pull always has facts');
		const wanted = { ...params, isInheritanceWanted: params.through === 'service-account' };
		// That a Pod is not there is so, whatever the controls say.
		const absent = diagnoseAbsentPod(pull, wanted);
		if (absent !== null || pull.pod === null) return absent;
		const untold = diagnoseControls(controls, context);
		if (untold !== null) return untold;

		const { pod } = pull;
		const digests = context.digests[params.image] ?? [];
		const references = [...digests, params.image.slice(params.image.lastIndexOf(':') + 1)];
		const isCached = pod.containers.some(
			(container) =>
				container.policy !== 'Always' && wasServed(log?.log?.records ?? [], pod.nodeAddresses, container, references),
		);
		const broken = diagnosePod(pull, { ...wanted, isCached }, context);
		if (broken !== null) return broken;
		const container = findPulled(pod, digests);
		if (container === undefined) return diagnoseForeignImage(pod, params, context);
		return (
			diagnoseWay(pull, pod, params) ??
			diagnoseCredentials(pull, pod, container, params.secret, context) ??
			diagnoseServed(pod, container, log, references)
		);
	},
	note: (_params, { log }) =>
		log?.log === null ? ['The registry keeps no log that can be read here, so the pull itself was not looked up.'] : [],
};

/** The Pod runs, but nothing in it is the image that `up` pushed. */
function diagnoseForeignImage(pod: PodFacts, params: Params, context: JudgeContext): Diagnosis {
	const others = pod.containers.map((container) => diagnoseOtherImage(pod, container, params, context));
	const [other] = others;
	if (other && !others.includes(null)) return other;
	return {
		reason: 'PullNotProven',
		message: `Pod ${pod.namespace}/${pod.name} runs ${params.image}, but not the one that this registry serves.`,
		expected: (context.digests[params.image] ?? []).join(' or '),
		actual: pod.containers.map((container) => container.imageId).join(', '),
		remedy: `The image came to the node by another way than a pull. Make the Pod anew with imagePullPolicy: Always:\n${recreatePod(pod.namespace, pod.name)}`,
	};
}

/** Where the Pod's list came from, and whether the Secret that is asked for is on it. */
function diagnoseWay({ account }: PullFacts, pod: PodFacts, { through, secret }: Params): Diagnosis | null {
	const ofAccount = account?.pullSecrets ?? [];
	if (through === 'service-account' && pod.isListInherited === false && pod.pullSecrets.length > 0) {
		return diagnoseOwnList(pod, ofAccount.length > 0 ? ofAccount : [secret ?? 'the list of the ServiceAccount']);
	}
	if (through === 'pod' && pod.isListInherited === true) {
		return {
			reason: 'PullSecretNotReferenced',
			message: `Pod ${pod.namespace}/${pod.name} names no pull Secret itself; it was given that of ServiceAccount ${pod.serviceAccount}.`,
			expected: `${secret ?? 'a Secret'} under spec.imagePullSecrets of the Pod's own manifest`,
			actual: `${pod.pullSecrets.join(', ')}, inherited`,
			remedy: `Name the Secret in the Pod's manifest, then:\n${recreatePod(pod.namespace, pod.name)}`,
		};
	}
	if (secret !== undefined && pod.pullSecrets.length > 0 && !pod.pullSecrets.includes(secret)) {
		return describeOtherSecret(pod, secret, pod.pullSecrets.join(', '));
	}
	return null;
}
