/** Hashes in names and labels, such as `pod-template-hash`. */

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * As long-lived and as long as Kubernetes' own: FNV-1a of the template, its decimal digits in an alphabet without
 * vowels. Kubernetes hashes a dump of Go's internal structs, which cannot be had here, so that the values differ.
 */
export function hashTemplate(template: unknown, collisions = 0): string {
	const text = `${stringify(template)}${collisions === 0 ? '' : collisions}`;
	let hash = 0x811c9dc5;
	for (const byte of Buffer.from(text)) {
		hash ^= byte;
		hash = Math.imul(hash, 0x01000193) >>> 0;
	}
	return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

/** JSON in which the order of members does not matter. */
function stringify(value: unknown): string {
	return JSON.stringify(value, (_key, member: unknown) => {
		if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
		return Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)));
	});
}
