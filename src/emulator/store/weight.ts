/** How much memory an object takes, near enough to set bounds. */

/** Of a key with its value, or an element, beside its text. */
const perField = 16;

/** Bytes. */
export function weigh(value: unknown): number {
	if (typeof value === 'string') return perField + value.length;
	if (typeof value !== 'object' || value === null) return perField;
	let bytes = perField;
	if (Array.isArray(value)) for (const item of value) bytes += weigh(item);
	else for (const key in value) bytes += key.length + weigh((value as Record<string, unknown>)[key]);
	return bytes;
}
