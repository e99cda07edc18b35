/** Blobs of a repository: read, in whole or in part, and deleted. */

import type { Answer } from './answer.ts';
import { readRange } from './byte-range.ts';
import { type Exchange, requireDigest } from './exchange.ts';
import { refuse } from './refusal.ts';
import type { Route } from './route.ts';

type BlobRoute = Extract<Route, { kind: 'blob' }>;

export async function getBlob({ repository, digest }: BlobRoute, exchange: Exchange): Promise<Answer> {
	requireDigest(digest);
	const size = exchange.repositories.find(repository)?.blobs.get(digest);
	if (size === undefined) throw refuse('BLOB_UNKNOWN', { detail: digest });

	const headers = {
		'Cache-Control': 'max-age=31536000',
		'Docker-Content-Digest': digest,
		Etag: `"${digest}"`,
	};
	const bytes = { ...headers, 'Content-Type': 'application/octet-stream' };
	const { 'if-match': wanted, 'if-none-match': known } = exchange.headers;
	if (wanted !== undefined && !namesContent(wanted, digest)) return { status: 412, headers: bytes };
	if (known !== undefined && namesContent(known.replace(/(^|,)\s*W\//g, '$1'), digest)) return { status: 304, headers };

	const range = wantsPart(exchange, digest) ? readRange(exchange.headers.range, size) : undefined;
	if (range === null) {
		const type = 'text/plain; charset=utf-8';
		return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}`, 'Content-Type': type } };
	}

	const isWhole = range === undefined;
	const length = isWhole ? size : range.last - range.first + 1;
	return {
		status: isWhole ? 200 : 206,
		headers: {
			...bytes,
			'Accept-Ranges': 'bytes',
			'Content-Length': String(length),
			...(!isWhole && { 'Content-Range': `bytes ${range.first}-${range.last}/${size}` }),
		},
		...(exchange.method !== 'HEAD' && { body: await exchange.storage.stream(digest, range) }),
	};
}

export async function deleteBlob({ repository, digest }: BlobRoute, exchange: Exchange): Promise<Answer> {
	requireDigest(digest);
	if (!(await exchange.repositories.removeBlob(repository, digest))) throw refuse('BLOB_UNKNOWN');
	return { status: 202 };
}

/** `If-Match` and `If-None-Match`: a list of quoted tags, or any (RFC 9110, 13.1). */
function namesContent(condition: string, digest: string): boolean {
	return condition.trim() === '*' || condition.split(',').some((tag) => tag.trim() === `"${digest}"`);
}

/** `If-Range`: a part of what was changed meanwhile is of no use. */
function wantsPart({ headers }: Exchange, digest: string): boolean {
	const condition = headers['if-range'];
	return condition === undefined || condition === `"${digest}"`;
}
