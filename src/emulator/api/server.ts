/** The door: HTTPS on loopback, one request at a time through authentication and the handlers. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { LabError } from '../../model/error.ts';
import { isHeldClock } from '../clock/jumping.ts';
import { listCustomResources } from '../custom/lists.ts';
import type { Caller, Core } from '../operations/core.ts';
import { badRequest } from '../operations/errors.ts';
import { describeGroup } from '../schema/index.ts';
import { StatusError } from '../status-error.ts';
import type { TimerClock } from '../timers.ts';
import type { Certificates } from '../tls/certificates.ts';
import { parseAccept } from './accept.ts';
import { type Answer, answerError, answerText, noSniffing, type TextAnswer, writeAnswer } from './answer.ts';
import { authenticate } from './authentication.ts';
import { attributesOf, impersonate, requireAccess } from './authorization.ts';
import { prepareToParse, readBody } from './body.ts';
import { answerLate, beforeDeadline, readTimeout } from './deadline.ts';
import { answerDiscovery } from './discovery.ts';
import { answerHealth } from './health.ts';
import { isWatch } from './options.ts';
import { answerPlain } from './plain.ts';
import { parseResourcePath } from './request-info.ts';
import { answerResource, unknownResource } from './resources.ts';
import type { Tokens } from './tokens.ts';

export interface ServerOptions {
	core: Core;
	certificates: Certificates;
	/** It must be free. */
	port: number | undefined;
	/** Used where it is free; otherwise any that is. */
	lastPort: number | undefined;
	tokens: Tokens;
}

export interface RunningServer {
	/** `https://127.0.0.1:40123` */
	url: string;
	close(): Promise<void>;
}

const host = '127.0.0.1';

export async function startServer({
	core,
	certificates,
	port,
	lastPort,
	tokens,
}: ServerOptions): Promise<RunningServer> {
	const handle = async (request: IncomingMessage, warn: (text: string) => void): Promise<Answer> => {
		const whoever = authenticate(request, (token) => tokens.read(token));
		const caller = impersonate(core.store, whoever, request.headers);
		const { path, query } = splitUrl(request.url ?? '/');
		return route(core, tokens, { request, path, query, caller, warn });
	};
	const server = https.createServer(
		{
			cert: certificates.server.certificate,
			key: certificates.server.key,
			ca: certificates.authority.certificate,
			requestCert: true,
			rejectUnauthorized: false,
			// Go's clients keep connections for 90 s, and may lose a write to one that we close first.
			keepAliveTimeout: 180_000,
		},
		(request, response) => void serve(request, response, handle, core.clock),
	);
	const address = port === undefined ? await listenAnywhere(server, lastPort) : await listen(server, port);
	return {
		url: `https://${host}:${address.port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function listenAnywhere(server: https.Server, lastPort: number | undefined): Promise<AddressInfo> {
	if (lastPort === undefined) return listen(server, 0);
	return listen(server, lastPort).catch(() => listen(server, 0));
}

/** Throws LabError. */
function listen(server: https.Server, port: number): Promise<AddressInfo> {
	return new Promise((resolve, reject) => {
		const onError = (cause: Error) => {
			const message = `The embedded cluster cannot listen on port ${port}: ${cause.message}.`;
			const remedy = 'Name another port, or stop the program that uses it.';
			reject(new LabError({ code: 'port-taken', message, remedy }, { cause }));
		};
		server.once('error', onError);
		server.listen(port, host, () => {
			server.removeListener('error', onError);
			resolve(server.address() as AddressInfo);
		});
	});
}

async function serve(
	request: IncomingMessage,
	response: ServerResponse,
	handle: (request: IncomingMessage, warn: (text: string) => void) => Promise<Answer>,
	clock: TimerClock,
): Promise<void> {
	const release = isHeldClock(clock) ? clock.hold() : () => {};
	response.setHeader('Date', clock.now().toUTCString());
	const warnings: string[] = [];
	let answer: Answer;
	try {
		answer = await handle(request, (text) => warnings.push(text));
	} catch (thrown) {
		answer = answerError(toStatusError(thrown));
	}
	release();
	if (!request.complete && !response.shouldKeepAlive) await discardBody(request);
	if (response.destroyed) return;
	if ('stream' in answer) answer.stream(response, request);
	else writeAnswer(request, response, isForEyes(request) ? indent(answer) : answer, warnings);
}

/** Milliseconds. */
const patienceWithBody = 1000;

/** Resolves once all of it has come, or nothing more does: a connection that is closed on a body takes the answer with it. */
async function discardBody(request: IncomingMessage): Promise<void> {
	request.resume();
	await finished(request, { signal: AbortSignal.timeout(patienceWithBody) }).catch(() => {});
}

function toStatusError(thrown: unknown): StatusError {
	if (thrown instanceof StatusError) return thrown;
	const message = `Internal error occurred: ${(thrown as Error).message}`;
	return new StatusError(500, 'InternalError', message, {
		causes: [{ reason: '', message: (thrown as Error).message }],
	});
}

/** Who asks by hand gets lines to read. */
function isForEyes({ headers, url = '' }: IncomingMessage): boolean {
	return /^(?:curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '') || /[?&]pretty=(?:1|true)(?:&|$)/.test(url);
}

function indent(answer: TextAnswer): TextAnswer {
	if (typeof answer.body !== 'string' || !answer.contentType?.startsWith('application/json')) return answer;
	return answer.body === '' ? answer : { ...answer, body: JSON.stringify(JSON.parse(answer.body), null, 2) };
}

interface Routed {
	request: IncomingMessage;
	path: string;
	query: URLSearchParams;
	caller: Caller;
	warn(text: string): void;
}

async function route(core: Core, tokens: Tokens, { request, path, query, caller, warn }: Routed): Promise<Answer> {
	const { method = 'GET', headers } = request;
	const resource = parseResourcePath(path);
	const isWatching = resource?.isWatch === true || isWatch(query);
	requireAccess(core.store, caller, attributesOf(method, path, resource, query, isWatching));
	const accepted = parseAccept(headers.accept);
	const timeout = isWatching ? null : readTimeout(query);
	const health = answerHealth(path, query);
	if (health !== null) return health;
	const known =
		answerPlain(core.store, { method, path, query, headers, accepted, now: core.clock.now() }) ??
		answerDiscovery({
			method,
			path,
			serverAddress: headers.host ?? host,
			accepted,
			ifNoneMatch: headers['if-none-match'],
			custom: listCustomResources(core.store),
		});
	if (known !== null) return known;
	if (resource === null || !hasGroup(core, resource.group)) return answerUnknown(core, path);
	const body = await (timeout === null ? readBody(request) : beforeDeadline(timeout, readBody(request)));
	if (body === null) return answerLate();
	await prepareToParse(body, headers['content-type']);
	return answerResource(core, tokens, {
		method,
		path: resource,
		query,
		accepted,
		contentType: headers['content-type'],
		body,
		userAgent: headers['user-agent'] ?? '',
		caller,
		warn,
	});
}

/** Throws 400. */
function splitUrl(url: string): { path: string; query: URLSearchParams } {
	const at = url.indexOf('?');
	const [path, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
	try {
		decodeURIComponent(path);
	} catch {
		throw badRequest(`invalid URL escape in ${JSON.stringify(path)}`);
	}
	return { path, query: new URLSearchParams(query) };
}

function hasGroup({ store }: Core, group: string): boolean {
	return group === '' || describeGroup(group, listCustomResources(store)) !== null;
}

/** Below a known group an unknown version is answered as a resource would be. */
function answerUnknown(core: Core, path: string): Answer {
	const group = /^\/apis\/([^/]+)/.exec(path)?.[1];
	if (path.startsWith('/api/') || (group !== undefined && hasGroup(core, group))) throw unknownResource();
	return answerText(404, '404 page not found\n', noSniffing);
}
