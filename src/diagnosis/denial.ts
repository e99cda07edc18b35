/** What stands behind a denied pull: the Pod's list of Secrets, where it came from, and what the Secrets hold. */

import type { JudgeContext } from '../model/check.ts';
import type { ContainerFacts, PodFacts, PullFacts, SecretLookup } from '../model/evidence.ts';
import type { Reason } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { isAccepted } from '../pull/accepted.ts';
import { longestRetryWait } from '../pull/back-off.ts';
import { nameHost } from '../pull/image.ts';
import { addCauses } from './also.ts';
import { createSecret, inNamespace, nameField, recreatePod, repeatPod } from './kubectl.ts';
import { diagnoseMalformed, diagnoseSecret, findUsername, type SecretFinding, type Target } from './secret.ts';
import type { Wanted } from './wanted.ts';
import { joinWords, quoteWaiting } from './words.ts';

export function diagnoseDenial(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	wanted: Wanted,
	context: JudgeContext,
): Diagnosis {
	const host = nameHost(container.image);
	const target: Target = { host, username: findUsername(context, host) };
	const lookups = listLookups(facts, container);
	const [found = describePending(facts, pod, container, wanted), ...others] = [
		diagnoseList(facts, pod, wanted),
		...lookups.map((lookup) => diagnoseMalformed(lookup, target)),
		diagnoseSecrets(facts, pod, container, target),
	].filter((each) => each !== null);
	const beside = others.filter(({ isError }) => isError !== true);
	if (found.reason !== 'PullRetryPending') beside.push(...noteOwnList(facts, pod, wanted));
	return addCauses({ ...found, actual: joinWords(found.actual, quoteWaiting(container)) }, beside);
}

/** The Secrets that the Pod lists, as far as they bear on this container's image. */
export function listLookups(facts: PullFacts, container: ContainerFacts): SecretLookup[] {
	return facts.secrets.find(({ container: name }) => name === container.name)?.lookups ?? [];
}

/** What is wrong with the list itself, whatever the Secrets hold; null where nothing is. */
function diagnoseList(facts: PullFacts, pod: PodFacts, wanted: Wanted): Diagnosis | null {
	const isEmpty = pod.pullSecrets.every((name) => name === '');
	const ofAccount = facts.account?.pullSecrets ?? [];
	if (
		pod.pullSecrets.length > 0 &&
		pod.isListInherited !== true &&
		(isEmpty || wanted.through === 'service-account') &&
		ofAccount.length > 0
	) {
		return diagnoseOwnList(pod, ofAccount);
	}
	if (isEmpty) return diagnoseEmptyList(facts, pod, wanted);
	const isStale = pod.isListInherited === true && !isSameList(pod.pullSecrets, ofAccount) && ofAccount.length > 0;
	return isStale ? diagnoseOlderPod(pod, ofAccount) : null;
}

/** Where either way would do: that of the account is not taken, because the Pod has one. */
function noteOwnList({ account }: PullFacts, pod: PodFacts, { through = 'any' }: Wanted): Diagnosis[] {
	const ofAccount = account?.pullSecrets ?? [];
	const isOwn = pod.isListInherited === false && pod.pullSecrets.length > 0;
	return isOwn && through === 'any' && ofAccount.length > 0 && !isSameList(pod.pullSecrets, ofAccount)
		? [diagnoseOwnList(pod, ofAccount)]
		: [];
}

/** For a check that wants the account's list: what the Pod lists itself is in the way. */
export function diagnoseOwnList(pod: PodFacts, ofAccount: readonly string[]): Diagnosis {
	return {
		reason: 'PodListOverridesServiceAccount',
		message: `Pod ${pod.namespace}/${pod.name} has a list of pull Secrets of its own, so it is not given that of ServiceAccount ${pod.serviceAccount}.`,
		expected: `${ofAccount.join(', ')}, inherited`,
		actual: `spec.imagePullSecrets: ${pod.pullSecrets.map((name) => name || '""').join(', ')}`,
		remedy: `Leave ${nameField('imagePullSecrets', pod)} out, then:\n${recreatePod(pod)}`,
	};
}

function diagnoseEmptyList(facts: PullFacts, pod: PodFacts, { secret }: Wanted): Diagnosis {
	const where = `Pod ${pod.namespace}/${pod.name}`;
	const account = pod.serviceAccount;
	const ofAccount = facts.account?.pullSecrets ?? [];
	// Before 1.24 every account had a token Secret of its own here.
	const mountable = (facts.account?.mountableSecrets ?? []).filter(
		(name) => !/-(token|dockercfg)-[a-z0-9]{5}$/.test(name),
	);
	const isOnlyMounted =
		secret !== undefined && ofAccount.length > 0
			? mountable.includes(secret) && !ofAccount.includes(secret)
			: mountable.length > 0 && ofAccount.length === 0;
	if (isOnlyMounted) {
		const name = secret !== undefined && mountable.includes(secret) ? secret : (mountable[0] ?? '');
		return {
			reason: 'ServiceAccountSecretNotForPulls',
			message: `ServiceAccount ${pod.namespace}/${account} has ${mountable.join(', ')} under secrets, which are for mounting. Pulls take imagePullSecrets.`,
			expected: `imagePullSecrets: ${name}`,
			actual: `secrets: ${mountable.join(', ')}`,
			remedy: `${patchAccount(pod.namespace, account, name)}\nThen make the Pod anew:\n${repeatPod(pod)}`,
		};
	}
	const others = facts.otherAccounts.filter((candidate) => candidate.pullSecrets.length > 0);
	const other = secret === undefined ? others[0] : others.find((candidate) => candidate.pullSecrets.includes(secret));
	if (other !== undefined && ofAccount.length === 0) {
		return {
			reason: 'ServiceAccountOther',
			message: `${where} runs as ServiceAccount ${account}, which hands on no pull Secret; ${other.name} does.`,
			expected: other.name,
			actual: account,
			remedy: `Set ${nameField('serviceAccountName', pod)} to ${other.name} and make the Pod anew, or let ${account} hand the Secret on:\n${patchAccount(pod.namespace, account, secret ?? other.pullSecrets[0] ?? '')}`,
		};
	}
	if (ofAccount.length > 0) return diagnoseOlderPod(pod, ofAccount);
	return {
		reason: 'PullSecretNotReferenced',
		message: `${where} names no pull Secret, and neither does its ServiceAccount ${account}.`,
		expected: 'a Secret under spec.imagePullSecrets',
		remedy: `Name the Secret under ${nameField('imagePullSecrets', pod)}, then:\n${recreatePod(pod)}`,
	};
}

export function diagnoseOlderPod(pod: PodFacts, ofAccount: readonly string[]): Diagnosis {
	return {
		reason: 'PodOlderThanServiceAccountSecret',
		message: `ServiceAccount ${pod.namespace}/${pod.serviceAccount} got its present list after Pod ${pod.name} was created. Pods that exist are not changed.`,
		expected: ofAccount.join(', '),
		actual: pod.pullSecrets.join(', ') || 'no pull Secret',
		remedy: `Make the Pod anew:\n${repeatPod(pod)}`,
	};
}

/** Of several Secrets, the one that got furthest; null where one of them opens the registry. */
export function diagnoseSecrets(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	target: Target,
): Diagnosis | null {
	const findings = listLookups(facts, container).map((lookup) => diagnoseSecret(lookup, target));
	if (findings.some(({ diagnosis }) => diagnosis === null)) return null;
	const furthest = findings.toSorted((a, b) => b.rank - a.rank || orderOfAbsence(a) - orderOfAbsence(b));
	const [first, ...others] = furthest.map((finding) => ({
		diagnosis: correctName(pod, finding.diagnosis as Diagnosis),
		user: findOtherUser(facts, pod, container, finding),
	}));
	if (first === undefined) return null;
	const beside = others.filter(({ user }) => user === null).map(({ diagnosis }) => diagnosis);
	const lead = first.user === null ? first.diagnosis : keepForOther(first, beside[0], pod, target);
	return addCauses(lead, beside);
}

/** Another container of the Pod whose registry this Secret is for; null: it is for none. */
function findOtherUser(
	{ secrets }: PullFacts,
	{ containers }: PodFacts,
	{ name: own }: ContainerFacts,
	{ lookup, diagnosis }: SecretFinding,
): ContainerFacts | null {
	if (diagnosis?.reason !== 'RegistryNotListed') return null;
	const users = secrets.filter(({ container, lookups }) => {
		const same = lookups.find(({ name }) => name === lookup.name);
		return container !== own && same?.secret?.entries.some(({ matches }) => matches);
	});
	return containers.find(({ name }) => users.some(({ container }) => container === name)) ?? null;
}

/** To make such a Secret anew for this registry would take it from the other. */
function keepForOther(
	{ diagnosis, user }: { diagnosis: Diagnosis; user: ContainerFacts | null },
	next: Diagnosis | undefined,
	pod: PodFacts,
	{ host, username }: Target,
): Diagnosis {
	const name = host.replace(/[^a-z0-9]+/g, '-');
	const create = createSecret(pod.namespace, name, host, username);
	const add =
		pod.isListInherited === true
			? `have ServiceAccount ${pod.serviceAccount} hand it on as well:\n${create}\n${patchAccount(pod.namespace, pod.serviceAccount, name)}\n${repeatPod(pod)}`
			: `name it as well under ${nameField('imagePullSecrets', pod)}:\n${create}\n${recreatePod(pod)}`;
	return {
		...diagnosis,
		message: `${diagnosis.message} It is for the registry of container ${user?.name}.`,
		remedy: next?.remedy ?? `Leave it as it is, make another Secret for ${host}, and ${add}`,
	};
}

/** A name that a Pod misspells is corrected in the Pod; in a task about the Secret it is the Secret that is renamed. */
function correctName(pod: PodFacts, diagnosis: Diagnosis): Diagnosis {
	if (diagnosis.reason !== 'PullSecretMisspelt') return diagnosis;
	const right = `Name ${diagnosis.actual} under ${nameField('imagePullSecrets', pod)}, then:\n${recreatePod(pod)}`;
	const inherited = `Name ${diagnosis.actual} in ServiceAccount ${pod.serviceAccount}, and make the Pod anew:\n${patchAccount(pod.namespace, pod.serviceAccount, diagnosis.actual ?? '')}\n${repeatPod(pod)}`;
	return { ...diagnosis, remedy: pod.isListInherited === true ? inherited : right };
}

const absences: readonly Reason[] = ['PullSecretMisspelt', 'PullSecretInOtherNamespace', 'PullSecretMissing'];

function orderOfAbsence({ diagnosis }: SecretFinding): number {
	return diagnosis === null ? 0 : absences.indexOf(diagnosis.reason);
}

/** Whether the node has the image, whoever may use it: by its status, and by what the registry served to it. */
function isHeld({ isOnNode }: ContainerFacts, { isCached = false, isArriving = false }: Wanted): boolean {
	return isArriving || (isOnNode ?? isCached);
}

function describePending(facts: PullFacts, pod: PodFacts, container: ContainerFacts, wanted: Wanted): Diagnosis {
	const overlooked = listOverlooked(facts, container);
	const where = `Pod ${pod.namespace}/${pod.name}`;
	// It need not pull, only find that the Pod may use what the node has.
	const isCached = container.policy !== 'Always' && isHeld(container, wanted);
	// Where nothing is graded, nobody waits by grading.
	const wait = wanted.image === undefined ? 'Wait' : 'Wait, as kubeproctor grade --wait does';
	const why =
		overlooked.length > 0
			? `All is right, but the kubelet had not read Secret ${overlooked.join(', ')} yet when it tried for ${where}. It tries again by itself`
			: `All is right now, but the kubelet still waits before it tries again for ${where}`;
	return {
		reason: 'PullRetryPending',
		message: `${why}: ${longestRetryWait(isCached)} at most.`,
		remedy: `${wait}, or delete the Pod, which tries at once:\n${repeatPod(pod)}`,
		// Nobody did anything wrong, and the second try comes soon.
		...(overlooked.length > 0 && { isUnsettled: true }),
	};
}

/** Those of the Pod's list that open this container's registry. */
function listOverlooked(facts: PullFacts, container: ContainerFacts): string[] {
	const right = listLookups(facts, container).filter(isAccepted);
	return right.map(({ name }) => name).filter((name) => facts.overlooked?.includes(name));
}

export function patchAccount(namespace: string, account: string, secret: string): string {
	return `kubectl${inNamespace(namespace)} patch serviceaccount ${account} -p '{"imagePullSecrets": [{"name": "${secret}"}]}'`;
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
	return one.length === other.length && one.every((name) => other.includes(name));
}
