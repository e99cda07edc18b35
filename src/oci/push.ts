/** Pushes an image: what is missing, and nothing before all that it refers to. */

import type { Content, OciImage } from './content.ts';
import { wrongAnswer, wrongDigest } from './registry-error.ts';
import type { RegistrySession } from './session.ts';
import type { HttpRequest } from './transport.ts';
import { uploadBlob } from './upload.ts';

export interface PushResult {
	/** Digest of the image index. */
	digest: string;
	/** Digests of the per-platform manifests below it. */
	manifests: string[];
	/** Digests of everything that was sent; empty where the registry had it all. */
	uploaded: string[];
}

export interface PushOptions {
	/** Bytes of a blob in one request. */
	chunkSize?: number | undefined;
}

export async function pushImage(
	session: RegistrySession,
	image: OciImage,
	repository: string,
	tag: string,
	options: PushOptions = {},
): Promise<PushResult> {
	const scope = `repository:${repository}:pull,push`;
	const { chunkSize } = options;
	const sendBlob = async (blob: Content) =>
		(await uploadBlob(session, blob, { repository, scope, chunkSize })) === 'uploaded' ? [blob.descriptor.digest] : [];
	const sendManifest = async (manifest: Content, reference: string) => {
		const url = session.resolve(`${repository}/manifests/${reference}`);
		if (await hasManifest(session, url, manifest, scope)) return [];
		await putManifest(session, url, manifest, scope);
		return [manifest.descriptor.digest];
	};
	// The first one alone: what the registry asks of it, the others know.
	const [first, ...others] = image.blobs;
	const uploaded = [
		first ? await sendBlob(first) : [],
		...(await Promise.all(others.map(sendBlob))),
		...(await Promise.all(image.manifests.map((each) => sendManifest(each, each.descriptor.digest)))),
		await sendManifest(image.index, tag),
	];
	return {
		digest: image.index.descriptor.digest,
		manifests: image.manifests.map(({ descriptor }) => descriptor.digest),
		uploaded: uploaded.flat(),
	};
}

async function hasManifest(session: RegistrySession, url: URL, manifest: Content, scope: string): Promise<boolean> {
	const { mediaType, digest } = manifest.descriptor;
	const answer = await session.send({ method: 'HEAD', url, headers: { accept: mediaType } }, scope);
	return answer.status === 200 && answer.headers['docker-content-digest'] === digest;
}

async function putManifest(session: RegistrySession, url: URL, manifest: Content, scope: string): Promise<void> {
	const { mediaType, digest } = manifest.descriptor;
	const request: HttpRequest = { method: 'PUT', url, headers: { 'content-type': mediaType }, body: manifest.bytes };
	const answer = await session.send(request, scope);
	if (answer.status !== 201) throw wrongAnswer(request, answer);
	const stored = String(answer.headers['docker-content-digest'] ?? digest);
	if (stored !== digest) throw wrongDigest(session.endpoint, digest, stored);
}
