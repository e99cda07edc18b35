/** Requests to an API server as raw JSON, over one keep-alive connection pool. */

import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import type { ClusterAccess } from '../model/cluster.ts';
import { describeError } from '../model/error.ts';
import { isLoopback } from '../model/loopback.ts';
import { type Call, traceCall } from '../trace.ts';
import { type Connection, findConnection } from './connection.ts';
import { brokenKubeconfig, KubeError, unreachable } from './kube-error.ts';

export interface KubeRequest {
	body?: unknown;
	/** Default: `application/json`; patches name theirs. */
	contentType?: string;
	signal?: AbortSignal;
	/** Milliseconds until an answer must have begun; default 10,000. */
	timeout?: number;
}

export interface KubeClient {
	/** URL of the API server. */
	readonly server: string;
	/** The API server's clock at its last answer; this machine's before the first one. */
	readonly date: Date;
	/** The parsed answer. Throws KubeError for any status from 400 on, LabError where nothing answers. */
	request(method: string, path: string, options?: KubeRequest): Promise<unknown>;
	get(path: string, options?: KubeRequest): Promise<unknown>;
	/**
	 * An answer that goes on, such as a watch: `onLine` is handed each line of it. Resolves when the server ends it; throws
	 * as `request` does, also where the connection breaks.
	 */
	follow(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
	close(): void;
}

/** How many requests are sent at once. On this machine an answer is there before another connection would be. */
const places = { here: 2, elsewhere: 8 };

/** Throws LabError where the kubeconfig is absent, broken or lacks the context. */
export async function openCluster(access: ClusterAccess): Promise<KubeClient> {
	const connection = await findConnection(access);
	const server = new URL(connection.server);
	const isPlain = server.protocol === 'http:';
	const secured = isPlain ? {} : { ...connection.tls, secureContext: readCertificates(connection, access) };
	const openAgent = (options: http.AgentOptions) =>
		connection.proxyAgent ?? (isPlain ? new http.Agent(options) : new https.Agent({ ...options, ...secured }));
	const agent = openAgent({ keepAlive: true, maxSockets: isLoopback(server) ? places.here : places.elsewhere });
	// What goes on for long must not take the places of what is asked meanwhile.
	const followAgent = openAgent({});
	let clockOffset = 0;

	async function request(method: string, path: string, options: KubeRequest = {}): Promise<unknown> {
		const body = options.body === undefined ? undefined : JSON.stringify(options.body);
		const url = locate(path);
		const answer = await traceCall(
			describeCall(method, url),
			() => send(method, url, body, options),
			({ status }) => String(status),
		);
		const date = Date.parse(answer.date ?? '');
		if (!Number.isNaN(date)) clockOffset = date - Date.now();
		const parsed = parseBody(answer.text);
		if (answer.status >= 400) throw new KubeError(method, path, answer.status, parsed ?? answer.text);
		return parsed;
	}

	function locate(path: string): URL {
		return new URL(server.pathname.replace(/\/$/, '') + path, server);
	}

	function describeCall(method: string, url: URL): Call {
		return { text: `${method} ${url.origin}${url.pathname}${url.search}`, awaited: `the API server at ${server.host}` };
	}

	async function send(method: string, url: URL, body: string | undefined, options: KubeRequest): Promise<RawAnswer> {
		const incoming = await open(agent, method, url, body, options);
		return {
			status: incoming.statusCode ?? 0,
			date: incoming.headers.date,
			text: await read(incoming, options.signal),
		};
	}

	/** Resolves once an answer has begun. */
	function open(
		through: http.Agent,
		method: string,
		url: URL,
		body: string | undefined,
		{ timeout = 10_000, signal, contentType = 'application/json' }: KubeRequest,
	): Promise<IncomingMessage> {
		return new Promise((resolve, reject) => {
			const outgoing = (isPlain ? http : https).request(
				url,
				{
					method,
					agent: through,
					auth: connection.basicAuth,
					...(signal && { signal }),
					headers: {
						...connection.headers,
						accept: 'application/json',
						'user-agent': 'kubeproctor',
						...(body !== undefined && {
							'content-type': contentType,
							'content-length': Buffer.byteLength(body),
						}),
					},
				},
				resolve,
			);
			outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`no answer within ${timeout / 1000} s`)));
			outgoing.on('error', (cause) => reject(explain(cause, signal)));
			outgoing.end(body);
		});
	}

	function read(incoming: IncomingMessage, signal: AbortSignal | undefined): Promise<string> {
		return new Promise((resolve, reject) => {
			const chunks: Buffer[] = [];
			incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
			incoming.on('error', (cause) => reject(explain(cause, signal)));
			incoming.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
		});
	}

	async function follow(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
		const url = locate(path);
		// Told when it begins: how long it goes on is nobody's waiting.
		const incoming = await traceCall(
			describeCall('GET', url),
			() => open(followAgent, 'GET', url, undefined, { signal }),
			({ statusCode }) => String(statusCode),
		);
		if (incoming.statusCode !== 200) {
			const text = await read(incoming, signal);
			throw new KubeError('GET', path, incoming.statusCode ?? 0, parseBody(text) ?? text);
		}
		// From here on silence is no fault: nothing has changed.
		incoming.socket.setTimeout(0);
		incoming.setEncoding('utf8');
		await new Promise<void>((resolve, reject) => {
			let rest = '';
			incoming.on('data', (text: string) => {
				const lines = (rest + text).split('\n');
				rest = lines.pop() ?? '';
				for (const line of lines) onLine(line);
			});
			incoming.on('error', (cause) => reject(explain(cause, signal)));
			incoming.on('end', resolve);
		});
	}

	function explain(cause: Error, signal: AbortSignal | undefined): unknown {
		return signal?.aborted ? signal.reason : unreachable(connection.server, access, cause);
	}

	return {
		server: connection.server,
		get date() {
			return new Date(Date.now() + clockOffset);
		},
		request,
		get: (path, options) => request('GET', path, options),
		follow,
		close() {
			agent.destroy();
			followAgent.destroy();
		},
	};
}

/** Once, since it takes as long as a request, and each connection would do it again. */
function readCertificates({ tls: options }: Connection, { kubeconfig }: ClusterAccess): tls.SecureContext {
	try {
		return tls.createSecureContext(options);
	} catch (error) {
		throw brokenKubeconfig(kubeconfig, `its certificates cannot be used: ${describeError(error)}`, error);
	}
}

interface RawAnswer {
	status: number;
	date: string | undefined;
	text: string;
}

function parseBody(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
