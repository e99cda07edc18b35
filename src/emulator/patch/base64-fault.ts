/** Base64 as Go's encoding/base64 reads it. */

/** Where Go's base64.StdEncoding stops reading; null where it does not. */
export function findBase64Fault(text: string): number | null {
	const length = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0;
	const rest = length % 4;
	const padding = text.slice(length);
	if (rest === 0 && padding === '') return null;
	if (rest >= 2 && padding === '='.repeat(4 - rest)) return null;
	if (padding === '') return length - rest;
	if (!padding.startsWith('=') || rest < 2) return length;
	if (rest === 2 && !padding.startsWith('==')) return padding.length === 1 ? text.length : length;
	return length + 4 - rest;
}
