/** Tells one state of a `lab.yaml` from another. */

import { createHash } from 'node:crypto';

/** Of its text. */
export function digestOf(text: string | Buffer): string {
	return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
