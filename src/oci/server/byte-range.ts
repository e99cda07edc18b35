/** `Range` and `Content-Range`: which bytes somebody wants, and which ones are coming (RFC 9110, 14). */

/** Both ends belong to it. */
export interface ByteRange {
	first: number;
	last: number;
}

/**
 * The part of `size` bytes that a `Range` asks for. Undefined: all of them, as for several ranges at once, which nobody
 * has to serve. Null: there is nothing in that range, or it cannot be read.
 */
export function readRange(header: string | undefined, size: number): ByteRange | null | undefined {
	if (!header?.startsWith('bytes=')) return undefined;
	const texts = header
		.slice('bytes='.length)
		.split(',')
		.map((text) => text.trim());
	const ranges = texts.filter((text) => text !== '').map((text) => readOneRange(text, size));
	if (ranges.length === 0) return undefined;
	if (ranges.includes(undefined)) return null;
	const within = ranges.filter((range) => range !== undefined && range.first <= range.last);
	if (within.length === 0) return null;
	return within.length === 1 ? within[0] : undefined;
}

/** Undefined where it cannot be read; its end before its beginning where there is nothing in it. */
function readOneRange(text: string, size: number): ByteRange | undefined {
	const [, from = '', to = ''] = /^(\d*)\s*-\s*(\d*)$/.exec(text) ?? [];
	if (from === '') return to === '' ? undefined : { first: Math.max(0, size - Number(to)), last: size - 1 };
	if (to !== '' && Number(to) < Number(from)) return undefined;
	return { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

/** `0-1023` of a chunk; null where it cannot be read. Unlike elsewhere there is no unit in it. */
export function readContentRange(header: string): ByteRange | null {
	const [, first, last] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(header.trim()) ?? [];
	return first === undefined || Number(first) > Number(last) ? null : { first: Number(first), last: Number(last) };
}
