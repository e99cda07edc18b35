/** Manifests of a repository: by tag or digest, read, pushed and deleted. */

import { algorithmOf, digestOf } from '../digest.ts';
import { isIndexType, mediaTypes } from '../media-types.ts';
import type { Answer } from './answer.ts';
import { type Exchange, requireDigest } from './exchange.ts';
import { checkContents, parseManifest } from './manifest.ts';
import { refuse } from './refusal.ts';
import type { Route } from './route.ts';

type ManifestRoute = Extract<Route, { kind: 'manifest' }>;

/** The most that every registry has to take. */
const maxManifestSize = 4 * 1024 * 1024;

export async function getManifest(route: ManifestRoute, exchange: Exchange): Promise<Answer> {
	const digest = resolveReference(route, exchange);
	const manifest = exchange.repositories.find(route.repository)?.manifests.get(digest);
	if (manifest === undefined) throw unknownManifest(route);
	if (isKnownToClient(exchange, digest)) return { status: 304 };
	checkAccept(exchange, manifest.mediaType);
	const headers = {
		'Content-Length': String(manifest.size),
		'Content-Type': manifest.mediaType,
		'Docker-Content-Digest': digest,
		Etag: `"${digest}"`,
	};
	if (exchange.method === 'HEAD') return { status: 200, headers };
	return { status: 200, headers, body: await exchange.storage.read(digest) };
}

export async function putManifest({ repository, reference }: ManifestRoute, exchange: Exchange): Promise<Answer> {
	const tag = isTagName(reference) ? reference : null;
	const wanted = tag === null ? requireDigest(reference, {}) : null;
	const bytes = await readBody(exchange);
	const mediaType = (exchange.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
	const manifest = parseManifest(mediaType, bytes);
	const digest = wanted === null ? digestOf(bytes) : digestOf(bytes, algorithmOf(wanted));
	if (wanted !== null && digest !== wanted) throw refuse('DIGEST_INVALID');
	checkContents(manifest, exchange.repositories.find(repository));

	const draft = await exchange.storage.draft();
	const subject = manifest.subject?.digest;
	const drafted = { digest, size: bytes.length, draft, mediaType, ...(subject !== undefined && { subject }) };
	try {
		await draft.append(bytes);
		await exchange.repositories.addManifest(repository, drafted, tag);
	} catch (error) {
		await draft.discard();
		throw error;
	}
	return {
		status: 201,
		headers: {
			'Docker-Content-Digest': digest,
			Location: `${exchange.origin}/v2/${repository}/manifests/${digest}`,
			...(subject !== undefined && { 'OCI-Subject': subject }),
		},
	};
}

export async function deleteManifest(route: ManifestRoute, { repositories }: Exchange): Promise<Answer> {
	const { repository, reference } = route;
	const isRemoved = isTagName(reference)
		? await repositories.removeTag(repository, reference)
		: await repositories.removeManifest(repository, requireDigest(reference, {}));
	if (!isRemoved) throw refuse('MANIFEST_UNKNOWN');
	return { status: 202 };
}

function resolveReference(route: ManifestRoute, { repositories }: Exchange): string {
	if (!isTagName(route.reference)) return requireDigest(route.reference);
	const digest = repositories.find(route.repository)?.tags.get(route.reference);
	if (digest === undefined) throw unknownManifest(route);
	return digest;
}

/** Only a digest has a colon. */
function isTagName(reference: string): boolean {
	return !reference.includes(':');
}

function unknownManifest({ repository, reference }: ManifestRoute) {
	const detail = isTagName(reference) ? { Tag: reference } : { Name: repository, Revision: reference };
	return refuse('MANIFEST_UNKNOWN', { detail });
}

/** Whether the client has that very content (`If-None-Match`). */
function isKnownToClient({ headers }: Exchange, digest: string): boolean {
	const known = headers['if-none-match']?.split(',').map((tag) => tag.trim());
	return known?.some((tag) => tag === digest || tag === `"${digest}"`) ?? false;
}

/** As registry:2: who does not say that he reads OCI manifests does not get one, and a wildcard does not say it. */
function checkAccept({ headers }: Exchange, mediaType: string): void {
	const accepted = (headers.accept ?? '').split(',').map((type) => type.split(';', 1)[0]?.trim());
	if (accepted.includes(mediaType) || (mediaType !== mediaTypes.index && mediaType !== mediaTypes.manifest)) return;
	const message = isIndexType(mediaType)
		? 'OCI index found, but accept header does not support OCI indexes'
		: 'OCI manifest found, but accept header does not support OCI manifests';
	throw refuse('MANIFEST_UNKNOWN', { message });
}

async function readBody({ body }: Exchange): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > maxManifestSize)
			throw refuse('MANIFEST_INVALID', { status: 413, detail: 'http: request body too large' });
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
