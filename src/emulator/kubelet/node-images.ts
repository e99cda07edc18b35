/** The images that a node holds: by digest, and by the names under which they were pulled. */

import { formatName, formatReference, parseReference } from '../../oci/reference.ts';
import type { PulledImage } from './puller.ts';

/** The text may be the beginning of several images' ids; the message is containerd's. */
export class AmbiguousImageError extends Error {
	override readonly name = 'AmbiguousImageError';

	constructor(image: string) {
		super(`can not resolve "${image}" locally: ambiguous digest string`);
	}
}

export interface NodeImages {
	/**
	 * `image` as a Pod names it; null where the node does not hold it. Throws InvalidReferenceError, and AmbiguousImageError
	 * for what is no image's name.
	 */
	find(image: string): PulledImage | null;
	add(image: PulledImage): void;
	/** Under every name that it has; `image` as a Pod names it. */
	remove(image: string): void;
	/** Every name at that host. */
	removeAllOf(host: string): void;
	/** As a Node's status lists them, largest first. */
	list(): { names: string[]; sizeBytes: number }[];
}

export type ImagesChange =
	| { change: 'image'; image: Omit<PulledImage, 'files'> }
	| { change: 'image-removed'; name: string }
	| { change: 'host-removed'; host: string };

/** `keep`: told of each change before it takes effect. */
export function createNodeImages(keep: (change: ImagesChange) => void = () => {}): NodeImages {
	const byName = new Map<string, PulledImage>();

	function find(image: string): PulledImage | null {
		const reference = parseReference(image);
		// Of a tag beside a digest, the digest counts.
		const name =
			reference.digest === null ? formatReference(reference) : `${formatName(reference)}@${reference.digest}`;
		const held = byName.get(name) ?? findById(image);
		return held === undefined ? null : { ...held, reference: firstTag(held.id) ?? held.reference };
	}

	/** Like containerd, which takes `sha256:1e7` for the id that begins so; to the kubelet it has a name and a tag. */
	function findById(image: string): PulledImage | undefined {
		if (!image.startsWith('sha256:')) return undefined;
		const found = new Map([...byName.values()].filter(({ id }) => id.startsWith(image)).map((each) => [each.id, each]));
		if (found.size > 1) throw new AmbiguousImageError(image);
		return [...found.values()][0];
	}

	/** A runtime tells an image by the first of its tags, whatever it was pulled by. */
	function firstTag(id: string): string | undefined {
		const tags = [...byName].filter(([name, image]) => image.id === id && name !== id && !name.includes('@'));
		return tags.map(([name]) => name).sort()[0];
	}

	return {
		find,
		add(image) {
			const isHeld = [image.reference, image.repoDigest].every((name) => byName.get(name)?.id === image.id);
			const { files: _files, ...described } = image;
			if (!isHeld) keep({ change: 'image', image: described });
			byName.set(image.reference, image);
			byName.set(image.repoDigest, image);
		},
		remove(image) {
			const held = find(image);
			if (held !== null) keep({ change: 'image-removed', name: image });
			for (const [name, { id }] of byName) if (id === held?.id) byName.delete(name);
		},
		removeAllOf(host) {
			keep({ change: 'host-removed', host });
			for (const name of byName.keys()) if (name.startsWith(`${host}/`)) byName.delete(name);
		},
		list() {
			const byId = new Map<string, { names: string[]; sizeBytes: number }>();
			for (const [name, image] of byName) {
				const entry = byId.get(image.id) ?? { names: [], sizeBytes: image.size };
				// An id is no name.
				if (name !== image.id) byId.set(image.id, { ...entry, names: [...entry.names, name].sort() });
			}
			return [...byId.values()].sort((one, other) => other.sizeBytes - one.sizeBytes);
		},
	};
}
