/** What the registry holds, repository by repository: read at once, changed one after the other. */

import type { Draft, Repository, Storage, StoredManifest } from './storage.ts';

export interface Repositories {
	/** In the order of their names. */
	names(): string[];
	find(name: string): Repository | undefined;
	addBlob(name: string, blob: Drafted): Promise<void>;
	/** False: no such blob there. `from` null: in any repository, since whoever gets in may read them all. */
	mountBlob(name: string, digest: string, from: string | null): Promise<boolean>;
	addManifest(name: string, manifest: Drafted & StoredManifest, tag: string | null): Promise<void>;
	/** Each is false where there was nothing to remove. */
	removeBlob(name: string, digest: string): Promise<boolean>;
	/** With all its tags. */
	removeManifest(name: string, digest: string): Promise<boolean>;
	removeTag(name: string, tag: string): Promise<boolean>;
}

/** Bytes that are all there, and what they are. */
export interface Drafted {
	digest: string;
	size: number;
	draft: Draft;
}

const empty: Repository = { blobs: new Map(), manifests: new Map(), tags: new Map() };

export async function openRepositories(storage: Storage): Promise<Repositories> {
	const held = await storage.load();
	let turn: Promise<unknown> = Promise.resolve();

	/** Saved first and seen then, so that nobody is told of what may be lost. */
	function change(
		name: string,
		edit: (repository: Repository) => Repository | null,
		first?: Drafted,
	): Promise<boolean> {
		const changing = turn.then(async () => {
			if (first) await keep(first);
			const edited = edit(held.get(name) ?? empty);
			if (edited === null) return false;
			await storage.save(name, edited);
			held.set(name, edited);
			return true;
		});
		turn = changing.catch(() => {});
		return changing;
	}

	function keep({ digest, draft }: Drafted): Promise<void> {
		return isHeld(digest) ? draft.discard() : draft.keep(digest);
	}

	async function remove(name: string, digest: string, edit: (repository: Repository) => Repository | null) {
		const hasChanged = await change(name, edit);
		// Takes its turn too: the same bytes may be on their way in again.
		turn = turn.then(() => (isHeld(digest) ? undefined : storage.remove(digest))).catch(() => {});
		return hasChanged;
	}

	function isHeld(digest: string): boolean {
		return [...held.values()].some(({ blobs, manifests }) => blobs.has(digest) || manifests.has(digest));
	}

	function findSize(digest: string, from: string | null): number | undefined {
		if (from !== null) return held.get(from)?.blobs.get(digest);
		for (const { blobs } of held.values()) if (blobs.has(digest)) return blobs.get(digest);
		return undefined;
	}

	return {
		names: () => [...held.keys()].sort(),
		find: (name) => held.get(name),

		async addBlob(name, blob) {
			await change(name, (known) => ({ ...known, blobs: withEntry(known.blobs, blob.digest, blob.size) }), blob);
		},

		mountBlob: (name, digest, from) =>
			change(name, (known) => {
				const size = findSize(digest, from);
				return size === undefined ? null : { ...known, blobs: withEntry(known.blobs, digest, size) };
			}),

		async addManifest(name, manifest, tag) {
			const { digest, mediaType, size, subject } = manifest;
			const stored = { mediaType, size, ...(subject !== undefined && { subject }) };
			const edit = (known: Repository) => ({
				...known,
				manifests: withEntry(known.manifests, digest, stored),
				tags: tag === null ? known.tags : withEntry(known.tags, tag, digest),
			});
			await change(name, edit, manifest);
		},

		removeBlob: (name, digest) =>
			remove(name, digest, (known) =>
				known.blobs.has(digest) ? { ...known, blobs: without(known.blobs, (key) => key === digest) } : null,
			),

		removeManifest: (name, digest) =>
			remove(name, digest, (known) =>
				known.manifests.has(digest)
					? {
							...known,
							manifests: without(known.manifests, (key) => key === digest),
							tags: without(known.tags, (_tag, target) => target === digest),
						}
					: null,
			),

		removeTag: (name, tag) =>
			change(name, (known) =>
				known.tags.has(tag) ? { ...known, tags: without(known.tags, (key) => key === tag) } : null,
			),
	};
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): Map<string, V> {
	return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, isUnwanted: (key: string, value: V) => boolean): Map<string, V> {
	return new Map([...map].filter(([key, value]) => !isUnwanted(key, value)));
}
