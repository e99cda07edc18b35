/** A ServiceAccount that hands a pull Secret on to every new Pod. */

import * as z from 'zod';
import { patchAccount } from '../diagnosis/denial.ts';
import { inNamespace } from '../diagnosis/kubectl.ts';
import { diagnoseAbsentNamespace } from '../diagnosis/secret.ts';
import type { CheckKind } from '../model/check.ts';
import type { AccountQuery } from '../model/evidence.ts';

interface Params {
	namespace: string;
	account: string;
	secret: string;
}

export const accountPullSecret: CheckKind<Params, { account: AccountQuery }> = {
	kind: 'account-pull-secret',
	summary: 'A ServiceAccount hands a pull Secret on to every new Pod.',
	params: z.strictObject({ namespace: z.string(), account: z.string().default('default'), secret: z.string() }),
	reasons: [
		'NamespaceMissing',
		'ServiceAccountMissing',
		'ServiceAccountSecretNotForPulls',
		'ServiceAccountWithoutPullSecret',
	],
	needs: ({ namespace, account }) => ({ account: { kind: 'service-account', namespace, name: account } }),
	judge({ namespace, account: name, secret }, { account }) {
		if (account === null || account.isNamespaceAbsent) return diagnoseAbsentNamespace(namespace);
		if (!account.exists) {
			return {
				reason: 'ServiceAccountMissing',
				message: `There is no ServiceAccount ${name} in namespace ${namespace}.`,
				expected: `${namespace}/${name}`,
				remedy: `kubectl${inNamespace(namespace)} create serviceaccount ${name}`,
			};
		}
		const handedOn = account.dryRun ?? account.pullSecrets;
		if (handedOn.includes(secret)) return null;
		const remedy = patchAccount(namespace, name, secret);
		if (account.mountableSecrets.includes(secret)) {
			return {
				reason: 'ServiceAccountSecretNotForPulls',
				message: `ServiceAccount ${namespace}/${name} has ${secret} under secrets, which are for mounting. Pulls take imagePullSecrets.`,
				expected: `imagePullSecrets: ${secret}`,
				actual: `secrets: ${account.mountableSecrets.join(', ')}`,
				remedy,
			};
		}
		return {
			reason: 'ServiceAccountWithoutPullSecret',
			message: `ServiceAccount ${namespace}/${name} does not hand ${secret} on to new Pods.`,
			expected: secret,
			actual: handedOn.join(', ') || 'no pull Secret',
			remedy,
		};
	},
};
