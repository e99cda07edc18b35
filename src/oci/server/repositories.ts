/** What the registry holds, repository by repository: read at once, changed one after the other. */

import type { Draft, Repository, Storage, StoredManifest } from './storage.ts';

export interface Repositories {
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

	/** One after the other: what is checked within an action stays true until its end. */
	function inTurn<T>(action: () => Promise<T>): Promise<T> {
		const result = turn.then(action);
		turn = result.catch(() => {});
		return result;
	}

	/** Saved first and seen then, so that nobody is told of what may be lost. False: `edit` found nothing to do. */
	async function change(name: string, edit: (repository: Repository) => Repository | null): Promise<boolean> {
		const edited = edit(held.get(name) ?? empty);
		if (edited === null) return false;
		await storage.save(name, edited);
		held.set(name, edited);
		return true;
	}

	function add({ digest, draft }: Drafted, name: string, edit: (repository: Repository) => Repository): Promise<void> {
		return inTurn(async () => {
			await (isHeld(digest) ? draft.discard() : draft.keep(digest));
			await change(name, edit);
		});
	}

	function remove(digest: string, name: string, edit: (repository: Repository) => Repository | null): Promise<boolean> {
		return inTurn(async () => {
			const hasChanged = await change(name, edit);
			if (hasChanged && !isHeld(digest)) await storage.remove(digest);
			return hasChanged;
		});
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
		names: () => [...held.keys()],
		find: (name) => held.get(name),

		addBlob: (name, blob) =>
			add(blob, name, (known) => ({ ...known, blobs: withEntry(known.blobs, blob.digest, blob.size) })),

		mountBlob: (name, digest, from) =>
			inTurn(() =>
				change(name, (known) => {
					const size = findSize(digest, from);
					return size === undefined ? null : { ...known, blobs: withEntry(known.blobs, digest, size) };
				}),
			),

		addManifest(name, manifest, tag) {
			const { digest, mediaType, size, subject } = manifest;
			const stored = { mediaType, size, ...(subject !== undefined && { subject }) };
			return add(manifest, name, (known) => ({
				...known,
				manifests: withEntry(known.manifests, digest, stored),
				tags: tag === null ? known.tags : withEntry(known.tags, tag, digest),
			}));
		},

		removeBlob: (name, digest) =>
			remove(digest, name, (known) =>
				known.blobs.has(digest) ? { ...known, blobs: without(known.blobs, (key) => key === digest) } : null,
			),

		removeManifest: (name, digest) =>
			remove(digest, name, (known) => {
				if (!known.manifests.has(digest)) return null;
				return {
					...known,
					manifests: without(known.manifests, (key) => key === digest),
					tags: without(known.tags, (_tag, target) => target === digest),
				};
			}),

		removeTag: (name, tag) =>
			inTurn(() =>
				change(name, (known) =>
					known.tags.has(tag) ? { ...known, tags: without(known.tags, (key) => key === tag) } : null,
				),
			),
	};
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): Map<string, V> {
	return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, isUnwanted: (key: string, value: V) => boolean): Map<string, V> {
	return new Map([...map].filter(([key, value]) => !isUnwanted(key, value)));
}
