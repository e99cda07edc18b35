/** How deep a text may nest: what reads it is recursive, and a stack that is nearly used up can end the whole process. */

/** The real server draws the line at 10,000; no object of the API comes near either. */
export const maxDepth = 500;

const quote = 0x22;
const backslash = 0x5c;

/** In the words of Go's encoding/json; null where the text, JSON or not, is not too deep. */
export function findJsonDepthFault(bytes: Uint8Array): string | null {
	let depth = 0;
	let isInString = false;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] as number;
		if (isInString) {
			if (byte === backslash) at += 1;
			else if (byte === quote) isInString = false;
		} else if (byte === quote) isInString = true;
		else if (byte === 0x7b || byte === 0x5b) {
			if (++depth > maxDepth) return `invalid character '${String.fromCharCode(byte)}' exceeded max depth`;
		} else if (byte === 0x7d || byte === 0x5d) depth -= 1;
	}
	return null;
}

/** A little too strict, since it takes no notice of quotes: every level of YAML takes a bracket or a column. */
export function isYamlTooDeep(text: string): boolean {
	let depth = 0;
	for (const character of text) {
		if (character === '{' || character === '[') depth += 1;
		else if (character === '}' || character === ']') depth -= 1;
		if (depth > maxDepth) return true;
	}
	return new RegExp(`^[\\s?:-]{${maxDepth}}`, 'm').test(text);
}

export function isValueTooDeep(value: unknown): boolean {
	const pending: [value: unknown, depth: number][] = [[value, 0]];
	for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
		const [each, depth] = next;
		if (each === null || typeof each !== 'object') continue;
		if (depth === maxDepth) return true;
		for (const inner of Object.values(each)) pending.push([inner, depth + 1]);
	}
	return false;
}
