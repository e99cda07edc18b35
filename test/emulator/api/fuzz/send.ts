/** Sends a request, however odd it is, and says what is wrong with the answer. */

import https from 'node:https';
import type { Emulator } from '../../../../src/emulator/index.ts';
import type { FuzzedRequest } from './requests.ts';

export interface Sender {
	/** What is wrong with the answer; null: nothing. Rejects where there is none. */
	send(request: FuzzedRequest): Promise<string | null>;
	close(): void;
}

/** Asks for an object at a version that is no number: the one fault of others that a real API server puts down to itself. */
const asksForNoVersion = /[?&]resourceVersion=(?!\d*(?:&|$))/;

/** Of OpenAPI documents a real API server says no more than 404 or 406. */
const asksForDocument = /^\/openapi\//;

/** Milliseconds. */
const patience = 20_000;

/** As the administrator. */
export function openSender({ url, certificates: { authority, admin } }: Emulator): Sender {
	const agent = new https.Agent({
		keepAlive: true,
		maxSockets: 8,
		ca: authority.certificate,
		cert: admin.certificate,
		key: admin.key,
	});
	return {
		send: ({ method, path, headers, body }) =>
			new Promise((resolve, reject) => {
				const request = https.request(`${url}`, { agent, method, path, headers, timeout: patience });
				if (body !== null) request.setHeader('content-length', body.length);
				request.once('timeout', () => request.destroy(new Error('no answer')));
				request.once('error', reject);
				request.once('response', (response) => {
					const chunks: Buffer[] = [];
					const { statusCode = 0, headers: answered } = response;
					const isReally =
						(statusCode === 500 && asksForNoVersion.test(path)) ||
						((statusCode === 404 || statusCode === 406) && asksForDocument.test(path));
					const finish = () =>
						resolve(isReally ? null : findFault({ method, path }, statusCode, answered, Buffer.concat(chunks)));
					response.on('data', (chunk: Buffer) => chunks.push(chunk));
					response.once('end', finish);
					response.once('error', reject);
					// A stream goes on for as long as somebody listens.
					if (answered['content-length'] === undefined && statusCode === 200) {
						response.removeListener('error', reject);
						response.destroy();
						resolve(null);
					}
				});
				request.end(body ?? undefined);
			}),
		close: () => agent.destroy(),
	};
}

function findFault(
	{ method, path }: Pick<FuzzedRequest, 'method' | 'path'>,
	code: number,
	headers: https.Agent['options'] | object,
	body: Buffer,
): string | null {
	const { 'content-type': type = '', 'content-encoding': encoding } = headers as Record<string, string | undefined>;
	if (code >= 500 && code !== 501 && code !== 504) return `${code} ${body.toString().slice(0, 500)}`;
	// Go's file server answers for these documents: a part where one is asked for, and no Status.
	if (path.startsWith('/openapi/') && (code === 206 || code === 404 || code === 416)) return null;
	if (method === 'HEAD' || code < 400)
		return encoding === undefined && code !== 206 && type.includes('json') ? findJsonFault(body, method) : null;
	// What is no path of the API at all is answered in plain words, as the real server does.
	if (code === 404 && body.toString() === '404 page not found\n') return null;
	try {
		const { kind, status, code: stated, message } = JSON.parse(body.toString()) as Record<string, unknown>;
		if (kind === 'Status' && status === 'Failure' && stated === code && typeof message === 'string') return null;
	} catch {}
	return `${code} without a Status: ${body.toString().slice(0, 500)}`;
}

function findJsonFault(body: Buffer, method: string): string | null {
	if (method === 'HEAD') return null;
	try {
		if (body.length > 0) JSON.parse(body.toString());
		return null;
	} catch (error) {
		return `no JSON: ${(error as Error).message}`;
	}
}
