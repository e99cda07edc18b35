/** Tries somebody's credentials on a registry: once, and never over a line that others can read. */

import { LabError } from '../model/error.ts';
import type { Credentials } from '../model/registry.ts';
import { mayCarryCredentials } from './endpoint.ts';
import { acceptManifests } from './media-types.ts';
import { insecure, RegistryAnswerError } from './registry-error.ts';
import { openSession, type RegistryOptions } from './session.ts';
import type { HttpAnswer } from './transport.ts';

export type ProbeResult =
	| {
			outcome: 'answered';
			status: number;
			/** `Docker-Content-Digest`: of what the reference stands for; null where the answer names none. */
			digest: string | null;
			body: string;
			/** False: the registry never asked who we are, so this says nothing about the credentials. */
			wasChallenged: boolean;
	  }
	| { outcome: 'unanswered'; message: string }
	/** Refused before anything was sent. */
	| { outcome: 'not-sent'; message: string };

/**
 * Asks for a manifest as a node would: without credentials first, then with them if the registry wants some.
 * Null credentials: as somebody who has none. Throws only when aborted.
 */
export async function probeManifest(
	options: Omit<RegistryOptions, 'credentials'>,
	repository: string,
	reference: string,
	credentials: Credentials | null,
): Promise<ProbeResult> {
	const session = openSession({ ...options, credentials });
	try {
		if (credentials !== null && !mayCarryCredentials(session.endpoint)) throw insecure(session.endpoint);
		const url = session.resolve(`${repository}/manifests/${reference}`);
		const answer = await session
			.attempt({ method: 'GET', url, headers: { accept: acceptManifests } }, `repository:${repository}:pull`)
			.catch(answerOfTokenServer);
		return {
			outcome: 'answered',
			status: answer.status,
			digest: readDigest(answer),
			body: answer.body.toString(),
			wasChallenged: session.wasChallenged(),
		};
	} catch (error) {
		if (options.signal?.aborted || !(error instanceof LabError)) throw error;
		return { outcome: error.code === 'registry-insecure' ? 'not-sent' : 'unanswered', message: error.message };
	} finally {
		session.close();
	}
}

/** Where tokens are used, it is the token server that judges credentials. */
function answerOfTokenServer(error: unknown): HttpAnswer {
	if (error instanceof RegistryAnswerError) return error.answer;
	throw error;
}

function readDigest({ status, headers }: HttpAnswer): string | null {
	const given = headers['docker-content-digest'];
	return status === 200 && typeof given === 'string' ? given : null;
}
