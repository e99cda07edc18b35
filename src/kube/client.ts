/** Requests to an API server as raw JSON, over one keep-alive connection pool. */

import http from 'node:http';
import https from 'node:https';
import type { ClusterAccess } from '../model/cluster.ts';
import { traceCall } from '../trace.ts';
import { findConnection } from './connection.ts';
import { KubeError, unreachable } from './kube-error.ts';

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
	close(): void;
}

/** Throws LabError where the kubeconfig is absent, broken or lacks the context. */
export async function openCluster(access: ClusterAccess): Promise<KubeClient> {
	const connection = await findConnection(access);
	const server = new URL(connection.server);
	const isPlain = server.protocol === 'http:';
	const agent =
		connection.proxyAgent ??
		(isPlain
			? new http.Agent({ keepAlive: true, maxSockets: 8 })
			: new https.Agent({ keepAlive: true, maxSockets: 8, ...connection.tls }));
	let clockOffset = 0;

	async function request(method: string, path: string, options: KubeRequest = {}): Promise<unknown> {
		const body = options.body === undefined ? undefined : JSON.stringify(options.body);
		const url = new URL(server.pathname.replace(/\/$/, '') + path, server);
		const answer = await traceCall(
			{ text: `${method} ${url.origin}${url.pathname}${url.search}`, awaited: `the API server at ${server.host}` },
			() => send(method, url, body, options),
			({ status }) => String(status),
		);
		const date = Date.parse(answer.date ?? '');
		if (!Number.isNaN(date)) clockOffset = date - Date.now();
		const parsed = parseBody(answer.text);
		if (answer.status >= 400) throw new KubeError(method, path, answer.status, parsed ?? answer.text);
		return parsed;
	}

	function send(method: string, url: URL, body: string | undefined, options: KubeRequest): Promise<RawAnswer> {
		return new Promise((resolve, reject) => {
			const { timeout = 10_000, signal } = options;
			const outgoing = (isPlain ? http : https).request(
				url,
				{
					method,
					agent,
					auth: connection.basicAuth,
					...(signal && { signal }),
					headers: {
						...connection.headers,
						accept: 'application/json',
						'user-agent': 'kubeproctor',
						...(body !== undefined && {
							'content-type': options.contentType ?? 'application/json',
							'content-length': Buffer.byteLength(body),
						}),
					},
				},
				(incoming) => {
					const chunks: Buffer[] = [];
					incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
					incoming.on('error', fail);
					incoming.on('end', () =>
						resolve({
							status: incoming.statusCode ?? 0,
							date: incoming.headers.date,
							text: Buffer.concat(chunks).toString('utf8'),
						}),
					);
				},
			);
			outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`no answer within ${timeout / 1000} s`)));
			outgoing.on('error', fail);
			outgoing.end(body);

			function fail(cause: Error) {
				reject(signal?.aborted ? signal.reason : unreachable(connection.server, access, cause));
			}
		});
	}

	return {
		server: connection.server,
		get date() {
			return new Date(Date.now() + clockOffset);
		},
		request,
		get: (path, options) => request('GET', path, options),
		close: () => agent.destroy(),
	};
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
