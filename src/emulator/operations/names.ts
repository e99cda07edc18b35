/** Names that the server makes up. */

import { randomBytes } from 'node:crypto';

/** Without vowels, so that no words come about. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const maxLength = 63;

export function generateSuffix(): string {
	return Array.from(randomBytes(suffixLength), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** `metadata.generateName` → a name. */
export function generateName(base: string): string {
	return base.slice(0, maxLength - suffixLength) + generateSuffix();
}
