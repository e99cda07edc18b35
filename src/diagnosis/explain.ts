/** From the facts of any Pod's pull to an explanation of it, where no task asks for anything. */

import type { JudgeContext } from '../model/check.ts';
import type { ContainerFacts, PodFacts, PullFacts, SecretLookup } from '../model/evidence.ts';
import type { ExplainedSecret, Explanation } from '../model/explanation.ts';
import type { Reason } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { longestRetryWait } from '../pull/back-off.ts';
import { causeOfWaiting } from '../pull/cause.ts';
import { nameHost } from '../pull/image.ts';
import { listLookups } from './denial.ts';
import { recreateSecret, repeatPod } from './kubectl.ts';
import { diagnosePod, judgeContainers } from './pod.ts';
import { findUsername } from './secret.ts';
import { quoteWaiting } from './words.ts';

/** Reasons that the Pod's list settles, whatever its Secrets hold. */
const reasonsOfList: ReadonlySet<Reason> = new Set([
	'PodOlderThanServiceAccountSecret',
	'PodListOverridesServiceAccount',
	'ServiceAccountSecretNotForPulls',
	'ServiceAccountOther',
	'PullSecretNotReferenced',
]);

export function explainPull(
	facts: PullFacts,
	name: { namespace: string; name: string },
	context: JudgeContext,
): Explanation {
	const { pod } = facts;
	// Each container asks for the same Secrets.
	const unread = [...new Map(facts.unread.map((each) => [each.what, each])).values()];
	const judged = diagnosePod(facts, name, context);
	if (pod === null) {
		return {
			...{ outcome: chooseOutcome(judged), pod: name, container: null, diagnosis: judged, list: null },
			...{ secrets: [], nextTryWithin: null, unread },
		};
	}
	const container = judgeContainers(facts, pod, name, context)[0]?.container ?? pod.containers[0];
	const isFailing = container !== undefined && causeOfWaiting(container.waiting) !== null;
	const diagnosis = isFailing && judged !== null ? qualify(judged, facts, pod, container, context) : judged;
	return {
		outcome: chooseOutcome(diagnosis),
		pod: name,
		container: container === undefined ? null : pickContainer(container),
		diagnosis,
		list: {
			names: pod.pullSecrets,
			origin: pod.isListInherited === null ? 'unknown' : pod.isListInherited ? 'inherited' : 'own',
			serviceAccount: pod.serviceAccount,
		},
		secrets: container === undefined ? [] : listSecrets(pod, listLookups(facts, container)),
		nextTryWithin: container === undefined ? null : tellNextTry(container),
		unread,
	};
}

/** What could not be read, and what was not tried, decides nothing; the node's own words may. */
function qualify(
	diagnosis: Diagnosis,
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	context: JudgeContext,
): Diagnosis {
	const cause = causeOfWaiting(container.waiting);
	const isAboutSecrets = cause === 'no-credentials' || cause === 'credentials-rejected' || cause === 'denied';
	const isOnNever = cause === 'never' && container.isOnNode === true;
	if ((!isAboutSecrets && !isOnNever) || reasonsOfList.has(diagnosis.reason)) return diagnosis;
	const lookups = listLookups(facts, container);
	const missing = listSecrets(pod, lookups).filter(({ state }) => state === 'unread');
	if (missing.length > 0) return describeUnread(missing, pod, container);
	const offered = lookups.filter(({ secret }) =>
		secret?.entries.some(({ matches, hasPassword }) => matches && hasPassword),
	);
	if (diagnosis.isError !== true || cause !== 'credentials-rejected' || offered.length === 0) return diagnosis;
	return describeRejected(offered, pod, container, context);
}

function describeUnread(missing: readonly ExplainedSecret[], pod: PodFacts, container: ContainerFacts): Diagnosis {
	const names = missing.map(({ name }) => name).join(', ');
	return {
		reason: 'NotObserved',
		message: `The pull is refused, and what Secret ${names} of namespace ${pod.namespace} holds could not be read: this user may not.`,
		actual: quoteWaiting(container),
		remedy: `Ask somebody who may read it, or use a kubeconfig whose user may:\nkubectl auth can-i get secrets -n ${pod.namespace}`,
		isError: true,
	};
}

/** Nobody sent them anywhere but the node, and that is enough to know. */
function describeRejected(
	offered: readonly SecretLookup[],
	pod: PodFacts,
	container: ContainerFacts,
	context: JudgeContext,
): Diagnosis {
	const host = nameHost(container.image);
	const names = offered.map(({ name }) => name);
	return {
		reason: 'CredentialsRejected',
		message: `When the node last tried, ${host} refused the credentials in Secret ${names.join(', ')}.`,
		actual: quoteWaiting(container),
		remedy: `Make the Secret anew with the right credentials:\n${recreateSecret(pod.namespace, names[0] ?? '', host, findUsername(context, host))}\nThen make the Pod anew:\n${repeatPod(pod)}`,
	};
}

function listSecrets(pod: PodFacts, lookups: readonly SecretLookup[]): ExplainedSecret[] {
	const names = pod.pullSecrets.filter((name) => name !== '');
	return names.map((name): ExplainedSecret => {
		const lookup = lookups.find((candidate) => candidate.name === name);
		if (lookup === undefined) return { name, state: 'unread', type: null, entries: [] };
		const { secret } = lookup;
		if (secret === null) return { name, state: 'absent', type: null, entries: [] };
		return { name, state: 'present', type: secret.type, entries: secret.entries };
	});
}

/** Null where the node has no pull to repeat: it runs, or its image's name can never be pulled. */
function tellNextTry({ waiting, policy, isOnNode }: ContainerFacts): string | null {
	const cause = causeOfWaiting(waiting);
	if (cause === null || cause === 'name') return null;
	return longestRetryWait(cause === 'never' || (policy !== 'Always' && isOnNode === true));
}

function pickContainer({ name, kind, image, policy, state, waiting }: ContainerFacts): Explanation['container'] {
	return { name, kind, image, policy, state, waiting };
}

function chooseOutcome(diagnosis: Diagnosis | null): Explanation['outcome'] {
	if (diagnosis === null) return 'fine';
	const isUntold = diagnosis.isError === true && diagnosis.reason !== 'PullThrottled';
	return isUntold || diagnosis.reason === 'PodStarting' ? 'untold' : 'wrong';
}
