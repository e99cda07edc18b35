/** Documents that seldom change, as Go's http.ServeContent answers with them. */

import type { IncomingHttpHeaders } from 'node:http';
import { readRange } from '../../oci/server/byte-range.ts';
import { type Answer, answerNothing } from './answer.ts';

export interface Document {
	body: string | Uint8Array;
	contentType: string;
	/** Another one whenever it changes. */
	hash: string;
	headers?: { Etag: string } & Record<string, string>;
	/** It is compressed for whoever takes that; without this for nobody. */
	isGzipped?: true;
}

export interface DocumentRequest {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	now: Date;
}

export function answerDocument(document: Document, request: DocumentRequest): Answer {
	const { body, contentType, headers, isGzipped = false } = document;
	const since = findSince(request, document);
	if (isReading(request) && isKnown(request, since, headers?.Etag)) return answerNothing(304, headers);
	const described = { 'Accept-Ranges': 'bytes', 'Last-Modified': since.toUTCString(), ...headers };
	const bytes = Buffer.from(body);
	const range = request.headers['if-range'] ? undefined : readRange(request.headers.range, bytes.length);
	if (!range) return { code: 200, body, contentType, headers: described, isGzipped };
	const { first, last } = range;
	const part = { ...described, 'Content-Range': `bytes ${first}-${last}/${bytes.length}` };
	return { code: 206, body: bytes.subarray(first, last + 1), contentType, headers: part, isGzipped: false };
}

const made = new Map<string, { hash: string; at: Date }>();

/** Since when the document has been as it is, for all that anybody has been told. */
function findSince({ path, now }: DocumentRequest, { hash }: Document): Date {
	const known = made.get(path);
	if (known?.hash === hash) return known.at;
	const at = new Date(Math.floor(now.getTime() / 1000) * 1000);
	made.set(path, { hash, at });
	return at;
}

function isReading({ method }: DocumentRequest): boolean {
	return method === 'GET' || method === 'HEAD';
}

/** Whether the caller has it already (RFC 9110, 13.2.2). */
function isKnown({ headers }: DocumentRequest, since: Date, etag: string | undefined): boolean {
	const tags = headers['if-none-match'];
	if (tags === undefined) return since.getTime() <= Date.parse(headers['if-modified-since'] ?? '');
	return tags === '*' || (tags.match(/"[^"]*"/g) ?? []).some((tag) => tag === etag);
}
