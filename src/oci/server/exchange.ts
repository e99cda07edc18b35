/** A request on its way through the registry, with what it may touch. */

import type { IncomingHttpHeaders } from 'node:http';
import { InvalidDigestError, parseDigest } from '../digest.ts';
import { type RefusalOptions, refuse } from './refusal.ts';
import type { Repositories } from './repositories.ts';
import type { Repository, Storage } from './storage.ts';
import type { Uploads } from './uploads.ts';

export interface Exchange {
	method: string;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	body: AsyncIterable<Buffer>;
	/** Where the client reaches us, e.g. `http://127.0.0.1:41873`. */
	origin: string;
	storage: Storage;
	repositories: Repositories;
	uploads: Uploads;
}

/** Returns the text itself. */
export function requireDigest(text: string, options: RefusalOptions = { detail: {} }): string {
	try {
		return parseDigest(text);
	} catch (error) {
		if (error instanceof InvalidDigestError) throw refuse('DIGEST_INVALID', options);
		throw error;
	}
}

export function requireRepository({ repositories }: Exchange, name: string): Repository {
	const repository = repositories.find(name);
	if (repository === undefined) throw refuse('NAME_UNKNOWN', { detail: { name } });
	return repository;
}
