/** Whether a registry accepts a set of credentials now. */

import type { TrialResult } from '../model/evidence.ts';
import type { Credentials, PushedImage, RegistryAccess } from '../model/registry.ts';
import { openRegistryClient } from '../oci/client.ts';
import { summarizeBody } from '../oci/error-body.ts';

/** Through what they are tried. */
export interface TrialAccess {
	registries: readonly RegistryAccess[];
	images: readonly PushedImage[];
	signal: AbortSignal;
}

/** Sends them only to a registry of this environment, and to one that is not ours only where that was allowed. */
export async function tryCredentials(
	access: TrialAccess,
	host: string,
	credentials: Credentials,
): Promise<TrialResult> {
	const registry = access.registries.find((candidate) => candidate.host === host);
	const image = access.images.find((candidate) => candidate.registry === host);
	if (registry === undefined || image === undefined) {
		return { outcome: 'not-tried', message: `${host} is not a registry of this environment.` };
	}
	const isKnown = isSame(credentials, registry.credentials);
	if (!registry.mayTryCredentials) {
		// `up` signed in with these; they need not be sent again to be known to be right.
		if (isKnown) return { outcome: 'accepted' };
		return {
			outcome: 'not-tried',
			message: `${host} is not a registry of ours, and nobody allowed to send it what a learner wrote.`,
		};
	}
	const client = openRegistryClient({ endpoint: registry.endpoint, credentials: null, signal: access.signal });
	const { username, password } = credentials;
	const answer = await client
		.probeManifest(image.repository, image.tag, { username, password })
		.finally(() => client.close());
	if (answer.outcome !== 'answered') return { outcome: 'unanswered', message: answer.message };
	if (answer.status === 200) {
		if (answer.wasChallenged) return { outcome: 'accepted' };
		return { outcome: 'unanswered', message: `${host} asks nobody for credentials.` };
	}
	if (answer.status === 404)
		return { outcome: 'image-absent', status: answer.status, answer: summarizeBody(answer.body) };
	const { status } = answer;
	const words = `${status} ${summarizeBody(answer.body)}`.trimEnd();
	// A user who is known to be let in and is forbidden to pull is not told of the password.
	if (status === 429 || status >= 500 || (status === 403 && isKnown))
		return { outcome: 'turned-away', status, answer: words };
	if (status !== 401 && status !== 403) return { outcome: 'unanswered', message: `${host} answers ${words}` };
	if (isKnown) {
		return {
			outcome: 'unanswered',
			message: `${host} refuses the very credentials that up gave it: its password was changed.`,
		};
	}
	const knownUser = registry.ownership === 'ours' ? credentials.username === registry.username : null;
	return { outcome: 'rejected', status, knownUser, answer: words };
}

function isSame(one: Credentials, other: Credentials | null): boolean {
	return other !== null && one.username === other.username && one.password === other.password;
}
