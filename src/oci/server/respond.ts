/** From Node's request to Node's response: path, password, answer, journal. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Answer, answerRedirect, answerText } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import { handle } from './handle.ts';
import type { Journal } from './journal.ts';
import { type Outage, refuseAtTheDoor, refuseInside } from './outage.ts';
import { answerRefusal, Refusal, refuse } from './refusal.ts';
import type { Repositories } from './repositories.ts';
import { findPage, parseRoute, type Route, tidyPath } from './route.ts';
import type { Storage } from './storage.ts';
import type { Uploads } from './uploads.ts';

/** A request, and what became of it. */
export interface SeenRequest {
	method: string;
	/** Without the query. */
	path: string;
	status: number;
	user: string | null;
	client: string;
	userAgent: string;
	/** What went wrong with us, or with the connection; undefined: nothing. */
	error: unknown;
}

export interface ResponderOptions {
	/** Looked at anew for each request. */
	state: { guard: Guard; outage: Outage | null };
	storage: Storage;
	repositories: Repositories;
	uploads: Uploads;
	journal: Journal;
	clock: { now(): Date };
	nameClient: (address: string, port: number) => string;
	onRequest: (request: SeenRequest) => void;
}

interface Target {
	path: string;
	/** Behind the `?`. */
	search: string;
	query: URLSearchParams;
	route: Route | null;
}

export function createResponder(options: ResponderOptions) {
	const { state, storage, repositories, uploads, journal, clock } = options;

	/** Never rejects. */
	return async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const target = readTarget(request.url ?? '');
		const seen: SeenRequest = {
			method: request.method ?? '',
			path: target.path,
			status: 0,
			user: null,
			client: options.nameClient(readAddress(request), request.socket.remotePort ?? 0),
			userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
			error: undefined,
		};
		try {
			const answer = await answerTo(request, target, seen).catch((error: unknown) => answerError(error, seen));
			seen.status = answer.status;
			record(target, seen, answer);
			await write(response, answer, seen.method);
		} catch (error) {
			seen.error = error;
			response.destroy();
		}
		// What nobody wanted to read stands in the way of the next request.
		request.resume();
		options.onRequest(seen);
	};

	async function answerTo(
		request: IncomingMessage,
		{ path, search, query, route }: Target,
		seen: SeenRequest,
	): Promise<Answer> {
		const tidy = tidyPath(path);
		if (tidy !== null) return { status: 301, headers: { Location: writeLocation(tidy, search) } };
		const page = findPage(path);
		if (page !== null) return answerRedirect(writeLocation(page, search), seen.method);
		if (route === null) return answerText(404, '404 page not found');
		if (route.kind !== 'alive') {
			refuseAtTheDoor(state.outage);
			const { authorization } = request.headers;
			seen.user = await state.guard.identify({ method: seen.method, route, query, authorization });
			refuseInside(state.outage, route);
		}
		const exchange: Exchange = {
			method: seen.method,
			query,
			headers: request.headers,
			// Ending early must leave the connection open: the answer has yet to go over it.
			body: request.iterator({ destroyOnReturn: false }),
			origin: request.headers.host === undefined ? '' : `http://${request.headers.host}`,
			storage,
			repositories,
			uploads,
		};
		return handle(route, exchange);
	}

	/** Before the answer goes out: whoever has it finds the record. */
	function record({ route }: Target, seen: SeenRequest, { status, headers }: Answer): void {
		const { method, user, client, userAgent } = seen;
		if (route?.kind !== 'manifest' || (method !== 'GET' && method !== 'HEAD')) return;
		journal.add({
			time: clock.now().toISOString(),
			method,
			repository: route.repository,
			reference: route.reference,
			status,
			client,
			userAgent,
			user,
			digest: headers?.['Docker-Content-Digest'] ?? null,
		});
	}
}

/** Not by URL: it would take `//host/path` for a host, and tidy up what a router has to see. */
function readTarget(url: string): Target {
	const [encoded = '', search = ''] = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '').split(/\?(.*)/s, 2);
	let path = encoded;
	try {
		path = decodeURIComponent(encoded);
	} catch {}
	return { path, search, query: new URLSearchParams(search), route: parseRoute(path) };
}

function writeLocation(path: string, search: string): string {
	return `${encodeURI(path)}${search && `?${search}`}`;
}

function readAddress(request: IncomingMessage): string {
	return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

function answerError(error: unknown, seen: SeenRequest): Answer {
	if (error instanceof Refusal) return answerRefusal(error);
	seen.error = error;
	return answerRefusal(refuse('UNKNOWN'));
}

async function write(response: ServerResponse, { status, headers, body = '' }: Answer, method: string): Promise<void> {
	const isStream = body instanceof Readable;
	const mayHaveBody = status !== 204 && status !== 304;
	response.writeHead(status, {
		'Docker-Distribution-Api-Version': 'registry/2.0',
		...(status !== 301 && { 'X-Content-Type-Options': 'nosniff' }),
		...(!isStream && mayHaveBody && { 'Content-Length': Buffer.byteLength(body) }),
		...headers,
	});
	if (method === 'HEAD' || !mayHaveBody) response.end();
	else if (isStream) await pipeline(body, response);
	else response.end(body);
}
