/** Requests to one registry: with its authorisation, its redirects, and patience with what fails in passing. */

import { type Clock, systemClock } from '../model/clock.ts';
import type { Credentials } from '../model/registry.ts';
import { createAuthorizer } from './authorizer.ts';
import { createPatience, isTransientAnswer, isTransientError, readRetryAfter } from './patience.ts';
import { misleading, noAnswer, RegistryAnswerError } from './registry-error.ts';
import { type HttpAnswer, type HttpRequest, openTransport } from './transport.ts';

export interface RegistryOptions {
	/** e.g. `http://127.0.0.1:41873` */
	endpoint: string;
	credentials?: Credentials | null | undefined;
	clock?: Clock | undefined;
	signal?: AbortSignal | undefined;
	/** Milliseconds without a byte until a request is given up. */
	patience?: number | undefined;
	/** Told of everything that is tried again. */
	log?: ((text: string) => void) | undefined;
}

export interface RegistrySession {
	readonly endpoint: URL;
	readonly clock: Clock;
	readonly signal: AbortSignal | undefined;
	/** A path below /v2/, or a Location that the registry gave. Throws LabError where it is none. */
	resolve(location: string): URL;
	/** Once, but for the second time that a challenge asks for. Throws LabError where nothing answers. */
	attempt(request: HttpRequest, scope: string): Promise<HttpAnswer>;
	/** As often as it takes, within bounds; for what may be repeated. The last answer may still be an error. */
	send(request: HttpRequest, scope: string): Promise<HttpAnswer>;
	/** Whether the registry has asked for a proof of who we are. */
	wasChallenged(): boolean;
	log(text: string): void;
	close(): void;
}

const maxRedirects = 5;

export function openSession(options: RegistryOptions): RegistrySession {
	const { credentials = null, clock = systemClock, signal, log = () => {} } = options;
	const endpoint = new URL(options.endpoint);
	endpoint.username = endpoint.password = '';
	const transport = openTransport({ signal, patience: options.patience });
	const authorizer = createAuthorizer(transport, credentials);
	let isChallenged = false;

	async function attempt(request: HttpRequest, scope: string): Promise<HttpAnswer> {
		const answer = await follow(request, authorizer.headerFor(scope));
		if (answer.status !== 401) return answer;
		isChallenged = true;
		const fresh = await authorizer.answer(answer, endpoint, scope);
		return fresh === null ? answer : follow(request, fresh);
	}

	async function follow(request: HttpRequest, authorization: string | undefined): Promise<HttpAnswer> {
		let current = request;
		for (let redirects = 0; ; redirects++) {
			const answer = await sendOnce(current, isOurs(current.url) ? authorization : undefined);
			const next = redirects < maxRedirects ? readRedirect(current, answer) : null;
			if (next === null) return answer;
			current = next;
		}
	}

	async function sendOnce(request: HttpRequest, authorization: string | undefined): Promise<HttpAnswer> {
		const headers = { ...request.headers, ...(authorization !== undefined && { authorization }) };
		try {
			return await transport.send({ ...request, headers });
		} catch (error) {
			throw signal?.aborted ? error : noAnswer(request.url, error);
		}
	}

	function isOurs(url: URL): boolean {
		return url.origin === endpoint.origin;
	}

	async function send(request: HttpRequest, scope: string): Promise<HttpAnswer> {
		const patience = createPatience(clock, signal);
		for (;;) {
			const outcome = await attempt(request, scope).catch((error: unknown) => ({ error }));
			const isError = 'error' in outcome;
			const answer = isError ? answerOf(outcome.error) : outcome;
			const isTransient = isError ? isTransientError(outcome.error) : isTransientAnswer(outcome);
			if (!isTransient || !(await patience.wait(answer && readRetryAfter(answer, clock)))) {
				if (isError) throw outcome.error;
				return outcome;
			}
			log(`${request.method} ${request.url.pathname}: trying again after ${answer?.status ?? 'a broken connection'}`);
		}
	}

	return {
		endpoint,
		clock,
		signal,
		resolve(location) {
			const base = new URL('/v2/', endpoint);
			if (!URL.canParse(location, base.href)) throw misleading(endpoint, location);
			const url = new URL(location, base);
			// A registry behind a proxy may not know that it is reached over TLS.
			if (url.host === endpoint.host && endpoint.protocol === 'https:') url.protocol = 'https:';
			return url;
		},
		attempt,
		send,
		wasChallenged: () => isChallenged,
		log,
		close: () => transport.close(),
	};
}

/** The answer of a token server that stands behind an error. */
function answerOf(thrown: unknown): HttpAnswer | null {
	return thrown instanceof RegistryAnswerError ? thrown.answer : null;
}

/** The request that a redirect asks for; null where it asks for none, or for a step back from TLS. */
function readRedirect(request: HttpRequest, { status, headers }: HttpAnswer): HttpRequest | null {
	const isRead = request.method === 'GET' || request.method === 'HEAD';
	const isRedirect =
		status === 307 || status === 308 || (isRead && (status === 301 || status === 302 || status === 303));
	if (!isRedirect || headers.location === undefined || !URL.canParse(headers.location, request.url.href)) return null;
	const url = new URL(headers.location, request.url);
	return request.url.protocol === 'https:' && url.protocol !== 'https:' ? null : { ...request, url };
}
