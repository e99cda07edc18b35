/** A small registry over real HTTP that keeps everything in memory, and lets a test stand in any request's way. */

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf } from '../../src/oci/digest.ts';
import { type Answer, refuse } from './answers.ts';

export interface SmallRegistry {
	endpoint: string;
	/** `METHOD path` of every request, query left out. */
	requests: string[];
	/** Headers of every request, in the same order. */
	headers: http.IncomingHttpHeaders[];
	blobs: Map<string, Buffer>;
	/** By `repository:reference`. */
	manifests: Map<string, { mediaType: string; bytes: Buffer }>;
	close(): Promise<void>;
}

export interface SmallRegistryOptions {
	/** Answers in the registry's place where it returns true. */
	intercept?: (request: http.IncomingMessage, response: http.ServerResponse, url: URL) => boolean;
	/** What `Authorization` must be; the challenge otherwise. */
	guard?: { authorization: string; challenge: string };
	/** Whether bytes of a chunk that broke off are kept, as the spec has it; registry:2 forgets the whole upload. */
	keepsTornChunks?: boolean;
}

export async function startSmallRegistry(options: SmallRegistryOptions = {}): Promise<SmallRegistry> {
	const { guard, keepsTornChunks = true } = options;
	const requests: string[] = [];
	const headers: http.IncomingHttpHeaders[] = [];
	const blobs: SmallRegistry['blobs'] = new Map();
	const manifests: SmallRegistry['manifests'] = new Map();
	const uploads = new Map<string, Buffer>();
	let nextUpload = 0;

	const server = http.createServer((request, response) => {
		const url = new URL(request.url ?? '', 'http://registry');
		requests.push(`${request.method} ${url.pathname}`);
		headers.push(request.headers);
		if (options.intercept?.(request, response, url)) return;
		if (guard && request.headers.authorization !== guard.authorization) {
			return send(response, refuse(401, 'UNAUTHORIZED', { 'www-authenticate': guard.challenge }));
		}
		handle(request, url).then((answer) => answer && send(response, answer));
	});

	async function handle(request: http.IncomingMessage, url: URL): Promise<Answer | null> {
		const [, repository = '', kind = '', rest = ''] = /^\/v2\/(.+)\/(blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
		if (url.pathname === '/v2/') return { status: 200, body: '{}' };
		if (kind === 'manifests') return handleManifest(request, repository, rest);
		if (rest.startsWith('uploads/')) return handleUpload(request, url, rest.slice('uploads/'.length));
		const bytes = blobs.get(rest);
		return bytes ? { status: 200, body: bytes } : refuse(404, 'BLOB_UNKNOWN');
	}

	async function handleManifest(request: http.IncomingMessage, repository: string, reference: string) {
		if (request.method === 'PUT') {
			const { bytes } = await read(request);
			const stored = { mediaType: request.headers['content-type'] ?? '', bytes };
			manifests.set(`${repository}:${reference}`, stored).set(`${repository}:${digestOf(bytes)}`, stored);
			return { status: 201, headers: { 'docker-content-digest': digestOf(bytes) } };
		}
		const found = manifests.get(`${repository}:${reference}`);
		if (!found) return refuse(404, 'MANIFEST_UNKNOWN');
		const digest = digestOf(found.bytes);
		return {
			status: 200,
			headers: { 'content-type': found.mediaType, 'docker-content-digest': digest },
			body: found.bytes,
		};
	}

	async function handleUpload(request: http.IncomingMessage, url: URL, id: string): Promise<Answer | null> {
		if (request.method === 'POST') {
			const begun = String(nextUpload++);
			uploads.set(begun, Buffer.alloc(0));
			return { status: 202, headers: { location: `${url.pathname}${begun}?state=a%2Fb` } };
		}
		const held = uploads.get(id);
		if (!held || url.searchParams.get('state') !== 'a/b') return refuse(404, 'BLOB_UPLOAD_UNKNOWN');
		const { bytes, isWhole } = await read(request);
		const all = Buffer.concat([held, bytes]);
		if (isWhole || keepsTornChunks) uploads.set(id, all);
		else uploads.delete(id);
		if (!isWhole) return null;

		const range = { location: url.pathname + url.search, range: `0-${Math.max(0, all.length - 1)}` };
		if (request.method === 'GET') return { status: 204, headers: range };
		if (request.method === 'PATCH') return { status: 202, headers: range };
		const digest = url.searchParams.get('digest') ?? '';
		if (digestOf(all) !== digest) return refuse(400, 'DIGEST_INVALID');
		blobs.set(digest, all);
		uploads.delete(id);
		return { status: 201, headers: { 'docker-content-digest': digest } };
	}

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		endpoint,
		requests,
		headers,
		blobs,
		manifests,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

async function read(request: http.IncomingMessage): Promise<{ bytes: Buffer; isWhole: boolean }> {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	const isWhole = await new Promise<boolean>((resolve) => {
		request.on('end', () => resolve(true));
		request.on('close', () => resolve(false));
		request.on('error', () => resolve(false));
	});
	return { bytes: Buffer.concat(chunks), isWhole };
}

function send(response: http.ServerResponse, { status, headers, body }: Answer): void {
	response.writeHead(status, headers).end(body);
}
