/** Packs a few files for a container, in memory, so that no copy of them is ever on this machine's disk. */

import { packTar } from 'modern-tar';

export interface ArchivedFile {
	/** Without a leading slash. */
	path: string;
	text: string;
	mode: number;
}

/** The files belong to root; folders that are absent are made by whoever unpacks. */
export async function packFiles(files: readonly ArchivedFile[]): Promise<Uint8Array> {
	const entries = files.map(({ path, text, mode }) => {
		const body = Buffer.from(text);
		return { header: { name: path, size: body.length, mode, mtime: new Date(), uid: 0, gid: 0 }, body };
	});
	return packTar(entries);
}
