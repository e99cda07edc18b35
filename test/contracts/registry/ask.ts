/** One raw request to a registry, and its answer without what changes from time to time. */

import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';

export interface Request {
	method: string;
	/** As it goes over the line: nothing is tidied up. */
	path: string;
	headers?: Record<string, string>;
	body?: string;
	/** A length that the body does not have: the connection ends after the body. */
	promise?: number;
}

export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string;
}

/** Between connections, not between registries. */
const passing = ['date', 'connection', 'keep-alive', 'transfer-encoding'];

export async function ask(url: string, { method, path, headers, body = '', promise }: Request): Promise<Answer> {
	const { hostname, port } = new URL(url);
	const length = body === '' ? {} : { 'content-length': String(promise ?? Buffer.byteLength(body)) };
	const request = http.request({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false });
	if (promise === undefined) request.end(body);
	else request.write(body, () => request.destroy());
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	const given = Object.entries(response.headers).filter(([name]) => !passing.includes(name));
	return {
		status: response.statusCode ?? 0,
		headers: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
		// registry:2 promises a body with its 416, and hangs up without one.
		body: await text(response).catch(() => ''),
	};
}

/** Addresses, names of uploads, and the order of tags, which registry:2 leaves to its file system. */
export function normalize({ status, headers, body }: Answer, url: string): Answer {
	const plain = (given: string) =>
		given
			.replaceAll(url, 'http://registry')
			.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<upload>')
			.replace(/\?_state=[^&]*/, '');
	const sorted = Object.entries(headers).sort(([one], [other]) => (one < other ? -1 : 1));
	return {
		status,
		headers: Object.fromEntries(sorted.map(([name, value]) => [name, plain(value)])),
		body: sortTags(plain(body)),
	};
}

function sortTags(body: string): string {
	return body.replace(/(?<="tags":\[)[^\]]+/, (tags) => tags.split(',').sort().join(','));
}
