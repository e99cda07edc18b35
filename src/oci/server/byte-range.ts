/** `Range` and `Content-Range`: which bytes somebody wants, and which ones are coming (RFC 9110, 14). */

/** Both ends belong to it. */
export interface ByteRange {
	first: number;
	last: number;
}

/**
 * The part of `size` bytes that a `Range` asks for. Undefined: all of them, as for several ranges at once, which nobody
 * has to serve. Null: there is nothing in that range.
 */
export function readRange(header: string | undefined, size: number): ByteRange | null | undefined {
	const [whole, from = '', to = ''] = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(header ?? '') ?? [];
	if (whole === undefined || (from === '' && to === '') || size === 0) return undefined;
	const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
	const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
	return first <= last ? { first, last } : null;
}

/** `0-1023` of a chunk; null where it cannot be read. Unlike elsewhere there is no unit in it. */
export function readContentRange(header: string): ByteRange | null {
	const [, first, last] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(header.trim()) ?? [];
	return first === undefined || Number(first) > Number(last) ? null : { first: Number(first), last: Number(last) };
}
