/** The outline of a lab: of a lab that comes with the program as the build found it, for as long as its file is the same. */

import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabOutline } from '../model/lab.ts';
import { findPackageFolder } from '../package-root.ts';
import { digestOf } from './digest.ts';
import { findLabFolder, listLabFolders } from './shelf.ts';

/** What the build keeps of a lab that is right, by its id. */
export type KnownLabs = Record<string, { digest: string; outline: Omit<LabOutline, 'folder'> }>;

/** Where the build writes KnownLabs, in the bundle's folder. */
export const knownLabsName = 'labs.json';

/** As loadLab, and throws as it does; but it reads what the build has checked without checking it again. */
export async function loadOutline(id: string): Promise<LabOutline> {
	const folder = await findLabFolder(id);
	const known = readKnownLabs()[id];
	if (known !== undefined && known.digest === digestOf(await readFile(join(folder, 'lab.yaml')))) {
		return { ...known.outline, folder };
	}
	const { loadLab } = await import('./load.ts');
	return loadLab(id);
}

/** Of every lab there is, by id; empty for one that would have to be read for it. */
export async function listTitles(): Promise<Map<string, string>> {
	const known = readKnownLabs();
	const labs = await listLabFolders();
	return new Map([...labs.keys()].map((id) => [id, known[id]?.outline.title ?? '']));
}

function readKnownLabs(): KnownLabs {
	const file = join(findPackageFolder('dist'), knownLabsName);
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KnownLabs) : {};
}
