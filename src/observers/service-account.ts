/** A ServiceAccount, and what a new Pod really gets from it. */

import { describeBarePod } from '../kube/bare-pod.ts';
import { KubeError } from '../kube/kube-error.ts';
import type { AccountFacts, AccountQuery } from '../model/evidence.ts';
import { type Access, isNamespaceAbsent } from './access.ts';
import { listNames, type Pod, type ServiceAccount } from './objects.ts';

/** Milliseconds: admission reads accounts through a cache that may lag behind. */
const admissionLag = 1000;

export async function observeServiceAccount({ namespace, name }: AccountQuery, access: Access): Promise<AccountFacts> {
	const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
	const account = await access.read<ServiceAccount>(path);
	const facts: AccountFacts = {
		namespace,
		name,
		isNamespaceAbsent: account === null && (await isNamespaceAbsent(access, namespace)),
		exists: account !== null,
		pullSecrets: listNames(account?.imagePullSecrets),
		mountableSecrets: listNames(account?.secrets),
		dryRun: null,
		unread: [],
	};
	if (account === null) return facts;
	const dryRun = await dryRunPod(access, facts);
	if (dryRun === null || isSameList(dryRun, facts.pullSecrets)) return { ...facts, dryRun };
	await access.clock.sleep(admissionLag, access.signal);
	const again = await access.readAgain<ServiceAccount>(path);
	return { ...facts, pullSecrets: listNames(again?.imagePullSecrets), dryRun: await dryRunPod(access, facts) };
}

/** The pull Secrets of a Pod that names none itself; null where such a Pod is refused, which says nothing about the account. */
async function dryRunPod(access: Access, facts: AccountFacts): Promise<string[] | null> {
	const [image] = access.images;
	const pod = describeBarePod(facts.name, image && `${image.registry}/${image.repository}:${image.tag}`);
	try {
		const created = await access.dryRun<Pod>(`/api/v1/namespaces/${facts.namespace}/pods`, pod);
		return listNames(created.spec.imagePullSecrets);
	} catch (error) {
		if (!(error instanceof KubeError) || error.status >= 500) throw error;
		facts.unread.push({ what: 'a dry run of a Pod', message: error.message });
		return null;
	}
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
	return one.length === other.length && one.every((name, index) => name === other[index]);
}
