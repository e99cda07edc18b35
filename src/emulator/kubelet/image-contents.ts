/** What a node has fetched of images: manifests and configs as they came, and which files the layers hold. */

import type { ImageFile } from '../../oci/image-files.ts';

export interface ImageContents {
	get(digest: string): Buffer | undefined;
	set(digest: string, bytes: Buffer): void;
	filesOf(imageId: string): ReadonlyMap<string, ImageFile> | undefined;
	setFiles(imageId: string, files: ReadonlyMap<string, ImageFile>): void;
}

export type ContentsChange =
	| { change: 'content'; digest: string; base64: string }
	| { change: 'files'; imageId: string; files: [path: string, file: ImageFile][] };

/** `keep`: told of each change before it takes effect. */
export function createImageContents(keep: (change: ContentsChange) => void = () => {}): ImageContents {
	const contents = new Map<string, Buffer>();
	const files = new Map<string, ReadonlyMap<string, ImageFile>>();
	return {
		get: (digest) => contents.get(digest),
		set(digest, bytes) {
			keep({ change: 'content', digest, base64: bytes.toString('base64') });
			contents.set(digest, bytes);
		},
		filesOf: (imageId) => files.get(imageId),
		setFiles(imageId, found) {
			keep({ change: 'files', imageId, files: [...found] });
			files.set(imageId, found);
		},
	};
}
