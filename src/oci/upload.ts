/** Uploads one blob in chunks, and goes on after a break where the registry still knows the upload. */

import type { Content } from './content.ts';
import { mediaTypes } from './media-types.ts';
import { createPatience, isTransientAnswer, isTransientError, type Patience, readRetryAfter } from './patience.ts';
import { type RegistryAnswerError, wrongAnswer, wrongDigest } from './registry-error.ts';
import type { RegistrySession } from './session.ts';
import type { HttpAnswer, HttpRequest } from './transport.ts';

export interface UploadOptions {
	repository: string;
	scope: string;
	/** Bytes in one request; default 4 MiB. */
	chunkSize?: number | undefined;
}

/** How often an upload is begun again from its first byte. */
const maxStarts = 3;

/** `present`: nothing was sent, the registry has it. */
export async function uploadBlob(
	session: RegistrySession,
	blob: Content,
	options: UploadOptions,
): Promise<'uploaded' | 'present'> {
	const patience = createPatience(session.clock, session.signal);
	for (let start = 1; ; start++) {
		// Asked each time: the answer to a commit that succeeded may be what was lost.
		if (await hasBlob(session, blob, options)) return start === 1 ? 'present' : 'uploaded';
		const lost = await uploadOnce(session, blob, options, patience);
		if (lost === null) return 'uploaded';
		if (start === maxStarts) throw lost;
		session.log(`blob ${blob.descriptor.digest}: beginning again, because the registry lost the upload`);
	}
}

async function hasBlob(
	session: RegistrySession,
	blob: Content,
	{ repository, scope }: UploadOptions,
): Promise<boolean> {
	const request: HttpRequest = {
		method: 'HEAD',
		url: session.resolve(`${repository}/blobs/${blob.descriptor.digest}`),
	};
	const answer = await session.send(request, scope);
	if (answer.status !== 200 && answer.status !== 404) throw wrongAnswer(request, answer);
	return answer.status === 200;
}

/** Null: done. Otherwise what the registry said when it did not know the upload any more. */
async function uploadOnce(
	session: RegistrySession,
	{ bytes, descriptor: { digest } }: Content,
	options: UploadOptions,
	patience: Patience,
): Promise<RegistryAnswerError | null> {
	const { scope, chunkSize = 4 * 1024 * 1024 } = options;
	let at: Position = { url: await beginUpload(session, options), offset: 0 };
	let furthest = 0;

	for (;;) {
		const chunk = bytes.subarray(at.offset, at.offset + chunkSize);
		const request = chunk.length > 0 ? chunkRequest(at, chunk) : commitRequest(at, digest);
		const sent = await sendPart(session, request, scope);

		if ('broken' in sent) {
			if (!(await patience.wait(sent.retryAfter))) throw sent.broken;
			const known = await askPosition(session, at, scope);
			if ('lost' in known) return known.lost;
			session.log(`blob ${digest}: going on at byte ${known.offset}`);
			at = known;
		} else if (sent.status === 201) {
			const stored = String(sent.headers['docker-content-digest'] ?? digest);
			if (stored !== digest) throw wrongDigest(session.endpoint, digest, stored);
			return null;
		} else if (sent.status === 202 && chunk.length > 0) {
			const end = at.offset + chunk.length;
			const offset = Math.min(readOffset(sent) || end, end);
			if (offset <= at.offset) return wrongAnswer(request, sent);
			if (offset > furthest) patience.renew();
			furthest = Math.max(furthest, offset);
			at = { url: nextLocation(session, sent, at), offset };
		} else if (sent.status === 400 || sent.status === 404 || sent.status === 416) {
			return wrongAnswer(request, sent);
		} else {
			throw wrongAnswer(request, sent);
		}
	}
}

interface Position {
	url: URL;
	offset: number;
}

async function beginUpload(session: RegistrySession, { repository, scope }: UploadOptions): Promise<URL> {
	const request: HttpRequest = { method: 'POST', url: session.resolve(`${repository}/blobs/uploads/`) };
	const answer = await session.send(request, scope);
	const { location } = answer.headers;
	if (answer.status !== 202 || location === undefined) throw wrongAnswer(request, answer);
	return session.resolve(location);
}

/** An answer that settles something, or what broke this part off: after that only the registry knows how far it got. */
async function sendPart(
	session: RegistrySession,
	request: HttpRequest,
	scope: string,
): Promise<HttpAnswer | { broken: unknown; retryAfter: number | null }> {
	try {
		const answer = await session.attempt(request, scope);
		if (!isTransientAnswer(answer)) return answer;
		return { broken: wrongAnswer(request, answer), retryAfter: readRetryAfter(answer, session.clock) };
	} catch (error) {
		if (!isTransientError(error)) throw error;
		return { broken: error, retryAfter: null };
	}
}

/** registry:2 forgets an upload that was broken off within a chunk, and knows one that stopped between two. */
async function askPosition(
	session: RegistrySession,
	at: Position,
	scope: string,
): Promise<Position | { lost: RegistryAnswerError }> {
	const request: HttpRequest = { method: 'GET', url: at.url };
	const answer = await session.send(request, scope);
	if (answer.status !== 204) return { lost: wrongAnswer(request, answer) };
	return { url: nextLocation(session, answer, at), offset: readOffset(answer) ?? 0 };
}

function chunkRequest({ url, offset }: Position, body: Buffer): HttpRequest {
	const headers = { 'content-type': mediaTypes.bytes, 'content-range': `${offset}-${offset + body.length - 1}` };
	return { method: 'PATCH', url, headers, body };
}

function commitRequest({ url }: Position, digest: string): HttpRequest {
	const commit = new URL(url);
	commit.searchParams.set('digest', digest);
	return { method: 'PUT', url: commit };
}

function nextLocation(session: RegistrySession, { headers }: HttpAnswer, { url }: Position): URL {
	return headers.location === undefined ? url : session.resolve(headers.location);
}

/** From `Range: 0-<last byte>`. Zero for `0-0`, which is said of an upload without a byte and of one with a single one. */
function readOffset({ headers }: HttpAnswer): number | null {
	const last = /^(?:bytes=)?0-(\d+)$/.exec(headers.range ?? '')?.[1];
	if (last === undefined) return null;
	return last === '0' ? 0 : Number(last) + 1;
}
