/** Whether a Pod that runs has earned it: by credentials of its own list, with an image that this registry served. */

import type { JudgeContext } from '../model/check.ts';
import type { ContainerFacts, PodFacts, PullFacts, PullLogFacts } from '../model/evidence.ts';
import type { PullRecord } from '../model/registry.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { nameHost, nameRepository, readDigest } from '../pull/image.ts';
import { addCauses } from './also.ts';
import { diagnoseSecrets, listLookups, patchAccount } from './denial.ts';
import { nameField, recreatePod, repeatPod } from './kubectl.ts';
import { diagnoseMalformed, diagnoseSecret, findUsername } from './secret.ts';

/** The container of a running Pod that runs the wanted image, by the digest that the node reports; undefined where none does. */
export function findPulled(
	pod: PodFacts,
	digests: readonly string[],
	wanted?: string | undefined,
): ContainerFacts | undefined {
	return pod.containers.find((container) => {
		if (wanted !== undefined && container.name !== wanted) return false;
		const digest = readDigest(container.imageId);
		return digest !== null && digests.includes(digest);
	});
}

/** Null: one of the listed Secrets, and `secret` itself where one is asked for, opens the registry now. */
export function diagnoseCredentials(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	secret: string | undefined,
	context: JudgeContext,
): Diagnosis | null {
	const host = nameHost(container.image);
	const target = { host, username: findUsername(context, host) };
	const lookups = listLookups(facts, container);
	for (const lookup of lookups) {
		const malformed = diagnoseMalformed(lookup, target);
		if (malformed !== null) return malformed;
	}
	const findings = lookups.map((lookup) => diagnoseSecret(lookup, target));
	const accepted = findings.filter((finding) => finding.diagnosis === null);
	if (accepted.some(({ lookup }) => secret === undefined || lookup.name === secret)) return null;

	const untold = findings.find(({ diagnosis }) => diagnosis?.isError)?.diagnosis;
	if (untold) return untold;
	const rejected = findings.find(({ diagnosis }) => diagnosis?.reason === 'CredentialsRejected')?.diagnosis;
	if (accepted.length > 0) {
		const other = describeOtherSecret(pod, secret ?? '', accepted.map(({ lookup }) => lookup.name).join(', '));
		const ofWanted = findings.find(({ lookup }) => lookup.name === secret)?.diagnosis;
		// It is on the list already, and is not good.
		return ofWanted ? addCauses({ ...other, ...(ofWanted.remedy && { remedy: ofWanted.remedy }) }, [ofWanted]) : other;
	}
	if (rejected)
		return {
			...rejected,
			message: `${rejected.message} Pod ${pod.name} runs all the same: the image was on its node already.`,
		};
	const first = diagnoseSecrets(facts, pod, container, target);
	const lead: Diagnosis = {
		reason: 'PullNotProven',
		message: `Pod ${pod.namespace}/${pod.name} runs, but not by credentials of its own: ${first === null ? 'it lists no pull Secret' : 'no Secret that it lists opens the registry'}.`,
		expected: 'a pull Secret whose credentials the registry accepts',
		actual: pod.pullSecrets.join(', ') || 'no pull Secret',
		remedy: first?.remedy ?? `Name the Secret under ${nameField('imagePullSecrets', pod)}, then:\n${recreatePod(pod)}`,
	};
	return addCauses(lead, first === null ? [] : [first]);
}

/** What is worth saying of the Secrets by which a Pod pulled. */
export function noteCredentials(facts: PullFacts, digests: readonly string[], context: JudgeContext): string[] {
	const container = facts.pod === null ? undefined : findPulled(facts.pod, digests);
	if (container === undefined) return [];
	const host = nameHost(container.image);
	const target = { host, username: findUsername(context, host) };
	return listLookups(facts, container).flatMap((lookup) => diagnoseSecret(lookup, target).notes);
}

export function describeOtherSecret(pod: PodFacts, expected: string, actual: string): Diagnosis {
	return {
		reason: 'PullSecretOther',
		message: `Pod ${pod.namespace}/${pod.name} pulls with another Secret than the task asks for.`,
		expected,
		actual,
		remedy:
			pod.isListInherited === true
				? `Have ServiceAccount ${pod.serviceAccount} hand ${expected} on, and make the Pod anew:\n${patchAccount(pod.namespace, pod.serviceAccount, expected)}\n${repeatPod(pod)}`
				: `Name ${expected} under ${nameField('imagePullSecrets', pod)}, then:\n${recreatePod(pod)}`,
	};
}

/** Null: the registry answered the Pod's node for this image since `up`, or keeps no log that we can read. */
export function diagnoseServed(
	pod: PodFacts,
	container: ContainerFacts,
	served: PullLogFacts | null,
	references: readonly string[],
): Diagnosis | null {
	const log = served?.log;
	if (!log || wasServed(log.records, pod.nodeAddresses, container, references)) return null;
	if (log.lostBefore !== null) {
		return {
			reason: 'PullLogLost',
			message: `The registry was made anew at ${log.lostBefore} and its log lost, so it cannot be told whether Pod ${pod.namespace}/${pod.name} pulled from it.`,
			remedy: `Make the Pod anew with imagePullPolicy: Always, which asks the registry again:\n${recreatePod(pod)}`,
			isError: true,
		};
	}
	return {
		reason: 'PullNotProven',
		message: `Pod ${pod.namespace}/${pod.name} runs, but the registry never served its image to node ${pod.node}.`,
		expected: `a pull of ${container.image} by node ${pod.node}`,
		actual: `no such request in the registry's log`,
		remedy: `The image came to the node by another way. Make the Pod anew with imagePullPolicy: Always:\n${recreatePod(pod)}`,
	};
}

export function wasServed(
	records: readonly PullRecord[],
	nodeAddresses: readonly string[],
	container: ContainerFacts,
	references: readonly string[],
): boolean {
	const repository = readRepository(container.image);
	return records.some(
		(record) =>
			record.status === 200 &&
			record.repository === repository &&
			references.includes(record.reference) &&
			nodeAddresses.includes(record.client),
	);
}

function readRepository(image: string): string {
	const name = nameRepository(image) ?? '';
	return name.slice(name.indexOf('/') + 1);
}
