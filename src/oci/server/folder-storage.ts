/** Keeps everything in a folder: whole or not at all, whenever the process dies. */

import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { LabError } from '../../model/error.ts';
import type { Draft, Repository, Storage, StoredManifest } from './storage.ts';

/** No repository has a part of this name, because none begins with an underscore. */
const recordName = '_repository.json';

interface SavedRepository {
	blobs: Record<string, number>;
	manifests: Record<string, StoredManifest>;
	tags: Record<string, string>;
}

export function openFolderStorage(folder: string): Storage {
	const bytesFolder = join(folder, 'blobs');
	const recordsFolder = join(folder, 'repositories');
	const draftsFolder = join(folder, 'drafts');

	async function load(): Promise<Map<string, Repository>> {
		await rm(draftsFolder, { recursive: true, force: true });
		for (const needed of [bytesFolder, recordsFolder, draftsFolder]) {
			await mkdir(needed, { recursive: true, mode: 0o700 });
		}
		const files = await readdir(recordsFolder, { recursive: true, withFileTypes: true });
		const found = new Map<string, Repository>();
		for (const entry of files) {
			if (entry.name !== recordName) continue;
			const name = relative(recordsFolder, entry.parentPath).split(sep).join('/');
			found.set(
				name,
				parseRepository(join(entry.parentPath, entry.name), await readFile(join(entry.parentPath, entry.name))),
			);
		}
		await sweep(found);
		return found;
	}

	/** Bytes that were kept just before a process died, and that no repository knows. */
	async function sweep(repositories: ReadonlyMap<string, Repository>): Promise<void> {
		const known = [...repositories.values()].flatMap(({ blobs, manifests }) => [...blobs.keys(), ...manifests.keys()]);
		const needed = new Set(known.map((digest) => basename(pathOf(digest))));
		for (const name of await readdir(bytesFolder)) {
			if (!needed.has(name)) await rm(join(bytesFolder, name), { force: true });
		}
	}

	async function save(name: string, { blobs, manifests, tags }: Repository): Promise<void> {
		const saved: SavedRepository = {
			blobs: Object.fromEntries(blobs),
			manifests: Object.fromEntries(manifests),
			tags: Object.fromEntries(tags),
		};
		const record = join(recordsFolder, ...name.split('/'), recordName);
		await mkdir(dirname(record), { recursive: true, mode: 0o700 });
		const writing = await create();
		await writing.file.writeFile(JSON.stringify(saved));
		await settle(writing, record);
	}

	async function draft(): Promise<Draft> {
		const writing = await create();
		return {
			append: async (bytes) => {
				await writing.file.appendFile(bytes);
			},
			read: () => createReadStream(writing.path),
			keep: (digest) => settle(writing, pathOf(digest)),
			async discard() {
				await writing.file.close();
				await rm(writing.path, { force: true });
			},
		};
	}

	async function create(): Promise<Writing> {
		const path = join(draftsFolder, randomUUID());
		return { path, file: await open(path, 'ax', 0o600) };
	}

	function pathOf(digest: string): string {
		return join(bytesFolder, digest.replace(':', '-'));
	}

	return {
		load,
		save,
		draft,
		read: (digest) => readFile(pathOf(digest)),
		async stream(digest, range): Promise<Readable> {
			const file = await open(pathOf(digest));
			return file.createReadStream(range && { start: range.first, end: range.last });
		},
		remove: (digest) => rm(pathOf(digest), { force: true }),
	};
}

interface Writing {
	path: string;
	file: FileHandle;
}

/** Puts a whole file in its place, and on the disk before that. */
async function settle({ path, file }: Writing, target: string): Promise<void> {
	await file.datasync();
	await file.close();
	await rename(path, target);
}

function parseRepository(file: string, text: Buffer): Repository {
	try {
		const { blobs, manifests, tags } = JSON.parse(text.toString()) as SavedRepository;
		return {
			blobs: new Map(Object.entries(blobs)),
			manifests: new Map(Object.entries(manifests)),
			tags: new Map(Object.entries(tags)),
		};
	} catch (cause) {
		throw new LabError(
			{
				code: 'registry-damaged',
				message: `The registry cannot read what it has kept in ${file}.`,
				remedy: 'Delete that file and push the image again, or make the environment anew.',
			},
			{ cause },
		);
	}
}
