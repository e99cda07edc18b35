/** What trying a Secret's credentials has shown. */

import type { SecretLookup } from '../model/evidence.ts';

/** Whether the registry accepts one of its entries, for the image that it was looked up for. */
export function isAccepted({ secret }: SecretLookup): boolean {
	return secret?.entries.some(({ trial }) => trial?.outcome === 'accepted') ?? false;
}
