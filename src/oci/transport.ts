/** Single HTTP requests over kept-alive connections. */

import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { describeRequest, traceCall } from '../trace.ts';

export interface HttpRequest {
	method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	url: URL;
	headers?: Record<string, string>;
	body?: Buffer;
	/** An answer with a longer body is an error; default 4 MiB, the limit of the spec for manifests. */
	maxBytes?: number;
}

export interface HttpAnswer {
	status: number;
	headers: http.IncomingHttpHeaders;
	body: Buffer;
}

export interface Transport {
	/** Rejects with Node's own error where there was no whole answer, and with the signal's reason once aborted. */
	send(request: HttpRequest): Promise<HttpAnswer>;
	close(): void;
}

export interface TransportOptions {
	signal?: AbortSignal | undefined;
	/** Milliseconds without a byte in either direction until a request is given up; default 15,000. */
	patience?: number | undefined;
	/** Told of each connection before anything is sent over it. */
	onConnect?: ((socket: Socket) => void) | undefined;
}

export function openTransport({ signal, patience = 15_000, onConnect }: TransportOptions = {}): Transport {
	const agents = {
		'http:': new http.Agent({ keepAlive: true, maxSockets: 8 }),
		'https:': new https.Agent({ keepAlive: true, maxSockets: 8 }),
	};

	function send({ method, url, headers, body, maxBytes = 4 * 1024 * 1024 }: HttpRequest): Promise<HttpAnswer> {
		return new Promise((resolve, reject) => {
			const isPlain = url.protocol === 'http:';
			const outgoing = (isPlain ? http : https).request(url, {
				method,
				agent: agents[isPlain ? 'http:' : 'https:'],
				...(signal && { signal }),
				headers: {
					'user-agent': userAgent,
					...headers,
					...(needsLength(method) && { 'content-length': body?.length ?? 0 }),
				},
			});
			if (onConnect) outgoing.on('socket', (socket) => socket.connecting && onConnect(socket));
			outgoing.setTimeout(patience, () =>
				outgoing.destroy(Object.assign(new Error(`no answer within ${patience / 1000} s`), { code: 'ETIMEDOUT' })),
			);
			outgoing.on('error', fail);
			outgoing.on('response', (incoming) => {
				const chunks: Buffer[] = [];
				let length = 0;
				incoming.on('data', (chunk: Buffer) => {
					length += chunk.length;
					if (length > maxBytes) incoming.destroy(new Error(`the answer is longer than ${maxBytes} bytes`));
					else chunks.push(chunk);
				});
				incoming.on('error', fail);
				incoming.on('end', () =>
					resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
				);
			});
			outgoing.end(body);

			function fail(cause: Error) {
				reject(signal?.aborted ? signal.reason : cause);
			}
		});
	}

	return {
		send: (request) =>
			traceCall(
				describeRequest(request.method, request.url, `the registry at ${request.url.host}`),
				() => send(request),
				({ status }) => String(status),
			),
		close() {
			agents['http:'].destroy();
			agents['https:'].destroy();
		},
	};
}

/** How our own requests are told from a node's in a registry's log. */
const userAgent = 'kubeproctor';

function needsLength(method: HttpRequest['method']): boolean {
	return method === 'POST' || method === 'PUT' || method === 'PATCH';
}
