/** Pulls an image, every byte of it checked against its digest. */

import { type Content, type Descriptor, describeContent, isDescriptor, type OciImage } from './content.ts';
import { digestOf, isDigest, isDigestOf } from './digest.ts';
import { acceptManifests, isIndexType } from './media-types.ts';
import { unreadable, wrongAnswer, wrongDigest } from './registry-error.ts';
import type { RegistrySession } from './session.ts';
import type { HttpRequest } from './transport.ts';

/** Blobs are held in memory: one that claims to be larger is refused. */
const maxBlobSize = 64 * 1024 * 1024;

/** `reference`: a tag or a digest. */
export async function pullImage(session: RegistrySession, repository: string, reference: string): Promise<OciImage> {
	const scope = `repository:${repository}:pull`;
	const index = await getManifest(session, `${repository}/manifests/${reference}`, scope, reference);
	const isIndex = isIndexType(index.descriptor.mediaType);
	const children = isIndex ? readDescriptors(session, index, ['manifests']) : [];

	const manifests: Content[] = [];
	for (const descriptor of children) {
		const { bytes } = await getManifest(
			session,
			`${repository}/manifests/${descriptor.digest}`,
			scope,
			descriptor.digest,
		);
		manifests.push({ descriptor, bytes });
	}
	const blobs = new Map<string, Content>();
	for (const manifest of isIndex ? manifests : [index]) {
		for (const descriptor of readDescriptors(session, manifest, ['config', 'layers'])) {
			if (blobs.has(descriptor.digest)) continue;
			blobs.set(descriptor.digest, await getBlob(session, repository, scope, descriptor));
		}
	}
	return { index, manifests, blobs: [...blobs.values()] };
}

async function getManifest(session: RegistrySession, path: string, scope: string, reference: string): Promise<Content> {
	const request: HttpRequest = { method: 'GET', url: session.resolve(path), headers: { accept: acceptManifests } };
	const answer = await session.send(request, scope);
	if (answer.status !== 200) throw wrongAnswer(request, answer);
	const promised = isDigest(reference) ? reference : answer.headers['docker-content-digest'];
	if (promised !== undefined) checkDigest(session, String(promised), answer.body);
	return describeContent(answer.headers['content-type']?.split(';', 1)[0]?.trim() ?? '', answer.body);
}

async function getBlob(
	session: RegistrySession,
	repository: string,
	scope: string,
	descriptor: Descriptor,
): Promise<Content> {
	if (descriptor.size > maxBlobSize) {
		throw unreadable(session.endpoint, `${descriptor.digest} is larger than ${maxBlobSize} bytes`);
	}
	const request: HttpRequest = {
		method: 'GET',
		url: session.resolve(`${repository}/blobs/${descriptor.digest}`),
		maxBytes: Math.max(descriptor.size, 1),
	};
	const answer = await session.send(request, scope);
	if (answer.status !== 200) throw wrongAnswer(request, answer);
	checkDigest(session, descriptor.digest, answer.body);
	return { descriptor, bytes: answer.body };
}

function checkDigest(session: RegistrySession, digest: string, bytes: Buffer): void {
	if (!isDigestOf(digest, bytes)) throw wrongDigest(session.endpoint, digest, digestOf(bytes));
}

function readDescriptors(session: RegistrySession, manifest: Content, members: string[]): Descriptor[] {
	let parsed: Record<string, unknown> | null = null;
	try {
		parsed = JSON.parse(manifest.bytes.toString()) as Record<string, unknown> | null;
	} catch {}
	const found = members.flatMap((member) => parsed?.[member] ?? []);
	if (found.length > 0 && found.every(isDescriptor)) return found;
	throw unreadable(session.endpoint, `${manifest.descriptor.digest} is not a manifest that can be read`);
}
