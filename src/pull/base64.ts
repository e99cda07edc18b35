/** Base64 as Go's encoding/base64 reads it, down to the byte that its errors name. */

const alphabet = /[A-Za-z0-9+/]/;

export type Decoded = { ok: true; text: string } | { ok: false; error: string };

/**
 * Padded where the text ends in `=`, unpadded otherwise, as `decodeDockerConfigFieldAuth` chooses
 * (pkg/credentialprovider/config.go). Line breaks count as bytes and are otherwise ignored.
 */
export function decodeGoBase64(text: string): Decoded {
	const corrupt = findCorruption(text, text.trim().endsWith('='));
	if (corrupt !== null) return { ok: false, error: `illegal base64 data at input byte ${corrupt}` };
	return { ok: true, text: Buffer.from(text, 'base64').toString('utf8') };
}

/** Offset that Go's `CorruptInputError` would carry; null where the text is sound. */
function findCorruption(text: string, isPadded: boolean): number | null {
	let filled = 0;
	for (let at = 0; at < text.length; at++) {
		const character = text.charAt(at);
		if (character === '\n' || character === '\r') continue;
		if (alphabet.test(character)) {
			filled = (filled + 1) % 4;
			continue;
		}
		if (character !== '=' || !isPadded || filled < 2) return at;
		return findPaddingFault(text, at, filled);
	}
	if (filled === 0) return null;
	return isPadded || filled === 1 ? text.length - filled : null;
}

/** `at` is the first padding character of a group that already holds two or three. */
function findPaddingFault(text: string, at: number, filled: number): number | null {
	let next = skipBreaks(text, at + 1);
	if (filled === 2) {
		if (next === text.length) return next;
		if (text.charAt(next) !== '=') return next;
		next = skipBreaks(text, next + 1);
	}
	return next < text.length ? next : null;
}

function skipBreaks(text: string, from: number): number {
	let at = from;
	while (text.charAt(at) === '\n' || text.charAt(at) === '\r') at++;
	return at;
}
