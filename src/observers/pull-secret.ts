/** A Secret by its name, towards one registry. */

import type { SecretLookup, SecretQuery } from '../model/evidence.ts';
import type { Access } from './access.ts';
import { lookUpSecret } from './secret-facts.ts';

export function observePullSecret({ namespace, name, registry }: SecretQuery, access: Access): Promise<SecretLookup> {
	const image = access.images.find((candidate) => candidate.registry === registry);
	return lookUpSecret(access, namespace, name, `${registry}/${image?.repository ?? 'any'}`);
}
