/** Files that one process at a time holds: a link appears whole or not at all, and never over another. */

import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { KnownProcess } from './process-table.ts';

/** Whether it is ours now; false: somebody holds it. */
export async function claim(file: string, holder: KnownProcess): Promise<boolean> {
	const draft = `${file}.${randomUUID()}`;
	try {
		await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
		await link(draft, file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	} finally {
		await rm(draft, { force: true });
	}
}

/** Null: nobody holds it, or what is written there is torn. */
export async function readHolder<H extends KnownProcess>(file: string): Promise<H | null> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as H;
	} catch {
		return null;
	}
}

/** Puts a dead holder's lock aside, unless somebody else has done so and holds a new one by now. */
export async function retire(file: string, dead: KnownProcess | null): Promise<void> {
	const aside = `${file}.${randomUUID()}`;
	try {
		await rename(file, aside);
	} catch {
		return;
	}
	const taken = await readHolder(aside);
	if (taken !== null && taken.began !== dead?.began) await link(aside, file).catch(() => {});
	await rm(aside, { force: true });
}
