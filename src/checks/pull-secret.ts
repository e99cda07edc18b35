/** A Secret that the kubelet can pull with: right type, right host, credentials that the registry accepts. */

import * as z from 'zod';
import { diagnoseSecret, findUsername } from '../diagnosis/secret.ts';
import type { CheckKind, JudgeContext } from '../model/check.ts';
import type { SecretLookup, SecretQuery } from '../model/evidence.ts';

interface Params {
	namespace: string;
	name: string;
	registry: string;
}

export const pullSecret: CheckKind<Params, { secret: SecretQuery }> = {
	kind: 'pull-secret',
	summary:
		'A Secret holds credentials for a registry, in a form that the kubelet reads, and the registry accepts them.',
	params: z.strictObject({ namespace: z.string(), name: z.string(), registry: z.string() }),
	reasons: [
		...(['NamespaceMissing', 'PullSecretMissing', 'PullSecretMisspelt', 'PullSecretInOtherNamespace'] as const),
		...(['SecretTypeWrong', 'PullSecretEmpty', 'CredentialsMalformed', 'RegistryNotListed'] as const),
		...(['CredentialsRejected', 'RegistryUnreachable', 'RegistryRateLimited', 'RegistryForbidden'] as const),
		...(['RegistryFailing', 'NotObserved'] as const),
	],
	needs: ({ namespace, name, registry }) => ({ secret: { kind: 'pull-secret', namespace, name, registry } }),
	judge: (params, seen, context) => judgeSecret(params, seen, context).diagnosis,
	note: (params, seen, context) => judgeSecret(params, seen, context).notes,
};

function judgeSecret({ registry }: Params, { secret }: { secret: SecretLookup | null }, context: JudgeContext) {
	if (secret === null) throw new Error('a look for a Secret always has facts');
	return diagnoseSecret(secret, { host: registry, username: findUsername(context, registry) });
}
