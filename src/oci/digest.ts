/** Content digests: made, read and compared as OCI registries and containerd do it. */

import { createHash } from 'node:crypto';

/** Hex digits of each algorithm that containerd and the kubelet accept. */
const hexLengths: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };
const shape = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** The text is no digest; the message is the one of Go's go-digest. */
export class InvalidDigestError extends Error {
	override readonly name = 'InvalidDigestError';
}

/** `sha256:…` over the bytes. */
export function digestOf(bytes: string | Uint8Array, algorithm = 'sha256'): string {
	return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** Of a digest. */
export function algorithmOf(digest: string): string {
	return digest.slice(0, digest.indexOf(':'));
}

/** Returns the text itself. Throws InvalidDigestError. */
export function parseDigest(text: string): string {
	const colon = text.indexOf(':');
	if (colon <= 0 || colon === text.length - 1) throw new InvalidDigestError('invalid checksum digest format');
	const algorithm = text.slice(0, colon);
	const encoded = text.slice(colon + 1);
	if (!Object.hasOwn(hexLengths, algorithm)) {
		throw new InvalidDigestError(shape.test(text) ? 'unsupported digest algorithm' : 'invalid checksum digest format');
	}
	if (encoded.length !== hexLengths[algorithm]) throw new InvalidDigestError('invalid checksum digest length');
	if (!/^[a-f0-9]+$/.test(encoded)) throw new InvalidDigestError('invalid checksum digest format');
	return text;
}

/** Whether the text is a digest of an algorithm that we know. */
export function isDigest(text: string): boolean {
	try {
		parseDigest(text);
		return true;
	} catch {
		return false;
	}
}

/** Whether the bytes are the ones that the digest names. */
export function isDigestOf(digest: string, bytes: string | Uint8Array): boolean {
	return isDigest(digest) && digestOf(bytes, algorithmOf(digest)) === digest;
}
