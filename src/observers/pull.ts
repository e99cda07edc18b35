/** A Pod and all that its pull depended on: its account, and the Secrets on its list. */

import { isForbidden } from '../kube/kube-error.ts';
import type { PodFacts, PullFacts, PullQuery, SecretLookup, Unread } from '../model/evidence.ts';
import { type Access, isNamespaceAbsent } from './access.ts';
import { markImages } from './node-images.ts';
import { type List, listNames, type Pod, type ServiceAccount, type Workload } from './objects.ts';
import { findOverlooked } from './overlooked.ts';
import { findOwner } from './owner.ts';
import { describePod } from './pod-facts.ts';
import { lookUpSecret } from './secret-facts.ts';

export async function observePull({ namespace, pod: name }: PullQuery, access: Access): Promise<PullFacts> {
	const pod = await access.read<Pod>(`/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(name)}`);
	if (pod !== null) return describePull(access, pod);
	const unread: Unread[] = [];
	return { ...nothing, unread, ...(await explainAbsence(access, namespace, name, unread)) };
}

const nothing: PullFacts = {
	pod: null,
	isNamespaceAbsent: false,
	refusal: null,
	siblings: [],
	account: null,
	otherAccounts: [],
	secrets: [],
	unread: [],
};

export interface DescribeOptions {
	/** What made the Pod, where that is known already. */
	owner?: string;
	/** `leave-out`: a Secret that may not be read is told among what is unread, and has no lookup. Default: throw. */
	forbiddenSecrets?: 'throw' | 'leave-out';
}

export async function describePull(
	access: Access,
	pod: Pod,
	{ owner, forbiddenSecrets = 'throw' }: DescribeOptions = {},
): Promise<PullFacts> {
	const unread: Unread[] = [];
	const described = await describePod(access, pod);
	const [facts, account, secrets] = await Promise.all([
		complete(),
		allow(unread, `ServiceAccount ${described.serviceAccount}`, null, () => observeAccount(access, described)),
		Promise.all(
			described.containers.map(async (container) => ({
				container: container.name,
				lookups: (
					await Promise.all(
						described.pullSecrets.filter((secret) => secret !== '').map((secret) => lookUp(secret, container.image)),
					)
				).filter((lookup) => lookup !== null),
			})),
		),
	]);
	const overlooked = await findOverlooked(access, described, secrets);
	const hasList = [...facts.pullSecrets, ...(account?.pullSecrets ?? [])].some((secret) => secret !== '');
	return {
		...nothing,
		pod: facts,
		account,
		secrets,
		...(overlooked.length > 0 && { overlooked }),
		otherAccounts: hasList ? [] : await listOtherAccounts(access, facts, unread),
		unread,
	};

	async function lookUp(secret: string, image: string): Promise<SecretLookup | null> {
		const look = () => lookUpSecret(access, described.namespace, secret, image);
		return forbiddenSecrets === 'throw' ? look() : allow(unread, `Secret ${secret}`, null, look);
	}

	async function complete(): Promise<PodFacts> {
		const [maker, containers] = await Promise.all([
			owner ?? allow(unread, 'the owner of the Pod', null, () => findOwner(access, pod)),
			allow(unread, `Node ${described.node}`, described.containers, () => markImages(access, described)),
		]);
		return { ...described, owner: maker, containers };
	}
}

async function explainAbsence(
	access: Access,
	namespace: string,
	name: string,
	unread: Unread[],
): Promise<Pick<PullFacts, 'isNamespaceAbsent' | 'refusal' | 'siblings'>> {
	if (await isNamespaceAbsent(access, namespace)) return { isNamespaceAbsent: true, refusal: null, siblings: [] };
	const [pods, sets] = await Promise.all([
		allow(unread, 'Pods', null, () => access.read<List<Pod>>(`/api/v1/namespaces/${namespace}/pods`)),
		allow(unread, 'ReplicaSets', null, () =>
			access.read<List<Workload>>(`/apis/apps/v1/namespaces/${namespace}/replicasets`),
		),
	]);
	const refused = (sets?.items ?? []).find(
		({ metadata, status }) =>
			metadata.name.startsWith(`${name}-`) &&
			status?.conditions?.some(({ type, status: isSo }) => type === 'ReplicaFailure' && isSo === 'True'),
	);
	const message = refused?.status?.conditions?.find(({ type }) => type === 'ReplicaFailure')?.message;
	return {
		isNamespaceAbsent: false,
		refusal: refused === undefined ? null : { owner: `replicaset/${refused.metadata.name}`, message: message ?? '' },
		siblings: (pods?.items ?? []).map(({ metadata }) => metadata.name),
	};
}

async function observeAccount(access: Access, { namespace, serviceAccount }: PodFacts): Promise<PullFacts['account']> {
	const account = await access.read<ServiceAccount>(
		`/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}`,
	);
	return {
		name: serviceAccount,
		exists: account !== null,
		pullSecrets: listNames(account?.imagePullSecrets),
		mountableSecrets: listNames(account?.secrets),
	};
}

async function listOtherAccounts(access: Access, pod: PodFacts, unread: Unread[]): Promise<PullFacts['otherAccounts']> {
	const path = `/api/v1/namespaces/${pod.namespace}/serviceaccounts`;
	const list = await allow(unread, 'ServiceAccounts', null, () => access.read<List<ServiceAccount>>(path));
	return (list?.items ?? [])
		.filter(({ metadata }) => metadata.name !== pod.serviceAccount)
		.map((account) => ({ name: account.metadata.name, pullSecrets: listNames(account.imagePullSecrets) }));
}

/** What only helps to explain may be forbidden; that it was is part of the facts. */
async function allow<T>(unread: Unread[], what: string, otherwise: T, look: () => Promise<T>): Promise<T> {
	try {
		return await look();
	} catch (error) {
		if (!isForbidden(error)) throw error;
		unread.push({ what, message: (error as Error).message });
		return otherwise;
	}
}
