/** Secrets of type `kubernetes.io/service-account-token`: given their token, and gone with their account. */

import type { ClusterClient } from '../cluster-client.ts';
import type { KubeObject } from '../object.ts';
import type { TimerClock } from '../timers.ts';
import { keyOf, type Loop, startLoop } from './reconcile.ts';

const accountName = 'kubernetes.io/service-account.name';
const accountUid = 'kubernetes.io/service-account.uid';

interface Secret extends KubeObject {
	type?: string;
	data?: Record<string, string>;
}

/** What a token of old says of its bearer. */
export interface AccountSecret {
	namespace: string;
	secret: string;
	account: { name: string; uid: string };
}

export interface AccountSecretsOptions {
	/** PEM. */
	rootCertificate: string;
	issueToken(secret: AccountSecret): string;
}

export function startAccountSecrets(client: ClusterClient, clock: TimerClock, options: AccountSecretsOptions): Loop {
	return startLoop({
		client,
		clock,
		types: ['secrets', 'serviceaccounts'],
		findKeys: (object) => {
			if (object.kind === 'Secret') return isAccountSecret(object) ? [keyOf(object)] : [];
			const { name, namespace = '' } = object.metadata;
			const secrets = client.list<Secret>('secrets', namespace).filter(isAccountSecret);
			return secrets.filter(({ metadata }) => metadata.annotations?.[accountName] === name).map(keyOf);
		},
		reconcile({ namespace, name }) {
			const secret = client.get<Secret>('secrets', namespace, name);
			if (secret === null || secret.metadata.deletionTimestamp !== undefined) return;
			const { annotations = {} } = secret.metadata;
			const account = client.get('serviceaccounts', namespace, annotations[accountName] ?? '');
			const uid = account?.metadata.uid ?? '';
			if (account === null || (annotations[accountUid] ?? uid) !== uid) client.delete('secrets', namespace, name);
			else if (secret.data?.['token'] === undefined) fill(client, options, secret, { ...account.metadata, uid });
		},
	});
}

function isAccountSecret(object: KubeObject): boolean {
	return (object as Secret).type === 'kubernetes.io/service-account-token';
}

function fill(
	client: ClusterClient,
	{ rootCertificate, issueToken }: AccountSecretsOptions,
	{ metadata: { namespace = '', name } }: Secret,
	account: AccountSecret['account'],
): void {
	const token = issueToken({ namespace, secret: name, account: { name: account.name, uid: account.uid } });
	client.update<Secret>('secrets', namespace, name, (secret) => ({
		...secret,
		metadata: { ...secret.metadata, annotations: { ...secret.metadata.annotations, [accountUid]: account.uid } },
		data: {
			...secret.data,
			'ca.crt': encode(rootCertificate),
			namespace: encode(namespace),
			token: encode(token),
		},
	}));
}

function encode(text: string): string {
	return Buffer.from(text).toString('base64');
}
