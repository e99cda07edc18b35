/** Whether two references, or a reference and what a node reports, are the same image. */

import { formatName, formatReference, parseReference } from '../oci/reference.ts';

/** `registry.example.com/myapp:1.0`; null for what cannot be parsed. */
export function normaliseImage(image: string): string | null {
	try {
		return formatReference(parseReference(image));
	} catch {
		return null;
	}
}

/** `registry.example.com/myapp`; null for what cannot be parsed. */
export function nameRepository(image: string): string | null {
	try {
		return formatName(parseReference(image));
	} catch {
		return null;
	}
}

/** `registry.example.com`; empty for what cannot be parsed. */
export function nameHost(image: string): string {
	return nameRepository(image)?.split('/', 1)[0] ?? '';
}

/** Digest at the end of an image id such as `registry.example.com/myapp@sha256:…`; null where it has none. */
export function readDigest(imageId: string): string | null {
	return /@(sha256:[0-9a-f]{64})$/.exec(imageId)?.[1] ?? null;
}

/** By tag, or by one of the digests that the tag stands for. */
export function isSameReference(image: string, wanted: string, digests: readonly string[]): boolean {
	const normalised = normaliseImage(image);
	if (normalised === null) return false;
	if (normalised === normaliseImage(wanted)) return true;
	const digest = readDigest(normalised);
	return digest !== null && digests.includes(digest) && nameRepository(image) === nameRepository(wanted);
}

/**
 * Whether a node's words about a pull are of another image than this one: a container's image was changed, and until the
 * next attempt has an end its status tells of the last. False where they name none.
 */
export function isAboutAnother(text: string, image: string): boolean {
	const named = [...text.matchAll(/\bimage (?:tag |name )?\\?"([^"\\]+)/g)].map(([, each = '']) => each);
	const digest = readDigest(image);
	return (
		named.length > 0 && !named.some((each) => each === image || isSameReference(each, image, digest ? [digest] : []))
	);
}
