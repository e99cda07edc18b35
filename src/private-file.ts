/** Writes files that only this account may read, whole or not at all. */

import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

export async function writePrivately(path: string, text: string): Promise<void> {
	const draft = `${path}.${randomUUID()}`;
	try {
		await writeFile(draft, text, { mode: 0o600 });
		await rename(draft, path);
	} finally {
		await rm(draft, { force: true });
	}
}
