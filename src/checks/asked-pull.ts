/** What the checks of a pull have in common: their parameters and their reasons. */

import * as z from 'zod';
import type { Reason } from '../model/reason.ts';

export const askedPull = {
	image: z.string(),
	container: z.string().optional(),
	through: z.enum(['pod', 'service-account', 'any']).default('any'),
	secret: z.string().optional(),
	policy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
	reference: z.enum(['tag', 'digest']).optional(),
	fresh: z.boolean().optional(),
};

export const pullReasons: readonly Reason[] = [
	...(['NamespaceMissing', 'PodMissing', 'PodRefused', 'PodUnschedulable', 'PodStarting'] as const),
	...(['ContainerNotCreated', 'ContainerCrashing', 'ImageOther', 'ImageNameInvalid', 'ImageNotFound'] as const),
	...(['ImageNeverPulled', 'ImagePlatformMismatch', 'RegistryUnreachable', 'RegistryTlsMismatch'] as const),
	...(['RegistryRateLimited', 'RegistryForbidden', 'RegistryFailing', 'PullThrottled'] as const),
	...(['PullFailedOtherwise', 'CredentialsMalformed', 'ServiceAccountSecretNotForPulls'] as const),
	...(['ServiceAccountOther', 'PodOlderThanServiceAccountSecret', 'PullSecretNotReferenced'] as const),
	...(['PodListOverridesServiceAccount', 'PullSecretMissing', 'PullSecretMisspelt'] as const),
	...(['PullSecretInOtherNamespace', 'SecretTypeWrong', 'PullSecretEmpty', 'RegistryNotListed'] as const),
	...(['CredentialsRejected', 'PullRetryPending', 'PullSecretOther', 'PullPolicyOther', 'FieldOther'] as const),
	...(['PullNotProven', 'PullLogLost', 'ControlNotRefused', 'NotObserved'] as const),
];

export const noLogNote = 'The registry keeps no log that can be read here, so the pull itself was not looked up.';
