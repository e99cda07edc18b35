/** Uploads of blobs: in one request, in one stream, in chunks, or by mounting what another repository has. */

import type { Answer } from './answer.ts';
import { readContentRange } from './byte-range.ts';
import { type Exchange, requireDigest } from './exchange.ts';
import { refuse } from './refusal.ts';
import type { Route } from './route.ts';
import type { Upload } from './uploads.ts';

type UploadRoute = Extract<Route, { kind: 'upload' }>;

export async function beginUpload(route: UploadRoute, exchange: Exchange): Promise<Answer> {
	const { repository, id } = route;
	if (id !== '') requireUpload(route, exchange);
	const { query, repositories, uploads } = exchange;
	const mounted = query.get('mount');
	// What cannot be mounted is uploaded, were it only for a digest that is none.
	if (mounted !== null && (await repositories.mountBlob(repository, mounted, query.get('from')))) {
		return blobCreated(exchange, repository, mounted);
	}
	const digest = query.get('digest') === null ? null : readDigest(exchange);
	const upload = await uploads.begin(repository);
	if (digest !== null) return commit(exchange, upload, digest);
	return { status: 202, headers: describePosition(exchange, upload) };
}

export function getUpload(route: UploadRoute, exchange: Exchange): Answer {
	return { status: 204, headers: describePosition(exchange, requireUpload(route, exchange)) };
}

export async function takeChunk(route: UploadRoute, exchange: Exchange): Promise<Answer> {
	const upload = requireUpload(route, exchange);
	checkPlace(exchange, upload);
	await exchange.uploads.receive(upload, exchange.body);
	return { status: 202, headers: describePosition(exchange, upload) };
}

export async function completeUpload(route: UploadRoute, exchange: Exchange): Promise<Answer> {
	const upload = requireUpload(route, exchange);
	const digest = readDigest(exchange);
	checkPlace(exchange, upload);
	return commit(exchange, upload, digest);
}

export async function cancelUpload(route: UploadRoute, exchange: Exchange): Promise<Answer> {
	const upload = requireUpload(route, exchange);
	await exchange.uploads.discard(upload);
	return { status: 204, headers: { 'Docker-Upload-Uuid': upload.id } };
}

async function commit(exchange: Exchange, upload: Upload, digest: string): Promise<Answer> {
	const blob = await exchange.uploads.complete(upload, exchange.body, digest);
	if (blob === null) throw refuse('DIGEST_INVALID', { detail: { Digest: digest, Reason: {} } });
	try {
		await exchange.repositories.addBlob(upload.repository, blob);
	} catch (error) {
		await blob.draft.discard();
		throw error;
	}
	return blobCreated(exchange, upload.repository, digest);
}

function requireUpload({ repository, id }: UploadRoute, { uploads }: Exchange): Upload {
	const upload = uploads.find(repository, id);
	if (upload === undefined) throw refuse('BLOB_UPLOAD_UNKNOWN', id === '' ? {} : { detail: {} });
	return upload;
}

/** One that is missing or none at all may be given anew: the upload goes on. */
function readDigest({ query }: Exchange): string {
	const given = query.get('digest') ?? '';
	return requireDigest(given, { detail: given === '' ? 'digest missing' : 'digest parsing failed' });
}

/** A chunk that says where it belongs must follow upon what is there; the client can ask and go on. */
function checkPlace(exchange: Exchange, upload: Upload): void {
	const { 'content-range': place, 'content-length': length } = exchange.headers;
	if (place === undefined) return;
	const range = readContentRange(place);
	if (range === null || range.first !== upload.size) {
		throw refuse('RANGE_INVALID', { headers: describePosition(exchange, upload) });
	}
	if (length !== undefined && Number(length) !== range.last - range.first + 1) throw refuse('SIZE_INVALID');
}

function describePosition({ origin }: Exchange, { id, repository, size }: Upload): Record<string, string> {
	return {
		'Docker-Upload-Uuid': id,
		Location: `${origin}/v2/${repository}/blobs/uploads/${id}`,
		// The spec has no way to say that there is nothing yet.
		Range: `0-${Math.max(0, size - 1)}`,
	};
}

function blobCreated({ origin }: Exchange, repository: string, digest: string): Answer {
	const headers = { 'Docker-Content-Digest': digest, Location: `${origin}/v2/${repository}/blobs/${digest}` };
	return { status: 201, headers };
}
