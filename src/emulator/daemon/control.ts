/** The door by which the program talks to the process of an embedded environment: loopback only, and with a token. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Throws Error where the order is not understood. */
export type Order = (method: string, path: readonly string[], body: unknown) => Promise<void>;

export interface ControlDoor {
	url: string;
	close(): void;
}

/** `GET /` is answered with 204: whoever is answered has found the right process, and it is well. */
export async function openControlDoor(token: string, obey: Order): Promise<ControlDoor> {
	const server = http.createServer((request, response) => {
		answer(request, token, obey).then(
			(status) => response.writeHead(status).end(),
			(error: Error) => response.writeHead(400).end(error.message),
		);
	});
	server.listen({ host: '127.0.0.1', port: 0 });
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

async function answer(request: http.IncomingMessage, token: string, obey: Order): Promise<number> {
	if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return 401;
	const path = (request.url ?? '/').split('/').slice(1).map(decodeURIComponent);
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const text = Buffer.concat(chunks).toString();
	if (path[0] !== '') await obey(request.method ?? '', path, text === '' ? null : JSON.parse(text));
	return 204;
}

/** In the same time, whatever was given. */
function isSame(given: string, wanted: string): boolean {
	const seal = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(seal(given), seal(wanted));
}
