/** What outlives a node's process: its images, what it has fetched of them, and who may use them (1.35 keeps those on disk too). */

import { describeError } from '../../model/error.ts';
import { createLookup } from '../../oci/image-files.ts';
import { type LineFile, openLineFile, readLineFile } from '../store/line-file.ts';
import { type ContentsChange, createImageContents, type ImageContents } from './image-contents.ts';
import { createNodeImages, type ImagesChange, type NodeImages } from './node-images.ts';
import { listPreloaded } from './preloaded.ts';
import { createPullRecords, type PullRecords, type RecordChange } from './pull-records.ts';

export interface NodeDisk {
	readonly images: NodeImages;
	readonly records: PullRecords;
	readonly contents: ImageContents;
	close(): void;
}

type Change = ContentsChange | ImagesChange | RecordChange;

/**
 * `path` null: nothing outlives the process. Throws LabError where the file is damaged anywhere but at its very end,
 * where a write may have been cut short. Only what is new is written, so it stays small without being rewritten.
 */
export function openNodeDisk(path: string | null): NodeDisk {
	let file: LineFile | null = null;
	const keep = (change: Change) => {
		try {
			file?.append(change);
		} catch (error) {
			// As a kubelet does: what is running is more important than that it be remembered.
			process.emitWarning(`The node cannot write to ${path}: ${describeError(error)}`);
		}
	};
	const images = createNodeImages(keep);
	const disk = { images, records: createPullRecords(keep), contents: createImageContents(keep) };
	for (const image of listPreloaded()) images.add(image);
	if (path !== null) {
		const kept = readLineFile(path);
		for (const change of (kept?.entries ?? []) as Change[]) redo(disk, change);
		file = openLineFile(path, kept);
	}
	return { ...disk, close: () => file?.close() };
}

function redo({ images, records, contents }: Omit<NodeDisk, 'close'>, change: Change): void {
	if (change.change === 'content') contents.set(change.digest, Buffer.from(change.base64, 'base64'));
	else if (change.change === 'files') contents.setFiles(change.imageId, new Map(change.files));
	else if (change.change === 'image-removed') images.remove(change.name);
	else if (change.change === 'host-removed') images.removeAllOf(change.host);
	else if (change.change === 'record') records.write(change.imageId, change.repository, change.source);
	else images.add({ ...change.image, files: createLookup(contents.filesOf(change.image.id) ?? null) });
}
