/** Writes files that only this account may read, whole or not at all. */

import { rename, rm, writeFile } from 'node:fs/promises';

export async function writePrivately(path: string, text: string): Promise<void> {
	const draft = `${path}.${process.pid}`;
	try {
		await writeFile(draft, text, { mode: 0o600 });
		await rename(draft, path);
	} finally {
		await rm(draft, { force: true });
	}
}
