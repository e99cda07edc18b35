/** Blobs of a repository: read, in whole or in part, and deleted. */

import type { Answer } from './answer.ts';
import { readRange } from './byte-range.ts';
import { type Exchange, isKnownToClient, requireDigest } from './exchange.ts';
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
	if (isKnownToClient(exchange, digest)) return { status: 304, headers };

	const range = wantsPart(exchange, digest) ? readRange(exchange.headers.range, size) : undefined;
	if (range === null) return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}` } };

	const isWhole = range === undefined;
	const length = isWhole ? size : range.last - range.first + 1;
	return {
		status: isWhole ? 200 : 206,
		headers: {
			...headers,
			'Accept-Ranges': 'bytes',
			'Content-Length': String(length),
			'Content-Type': 'application/octet-stream',
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

/** `If-Range`: a part of what was changed meanwhile is of no use. */
function wantsPart({ headers }: Exchange, digest: string): boolean {
	const condition = headers['if-range'];
	return condition === undefined || condition === `"${digest}"`;
}
