/** Blobs on their way in: each upload belongs to one request at a time, and one that goes wrong leaves nothing. */

import { createHash, type Hash, randomUUID } from 'node:crypto';
import { algorithmOf, parseDigest } from '../digest.ts';
import { refuse } from './refusal.ts';
import type { Drafted } from './repositories.ts';
import type { Draft, Storage } from './storage.ts';

export interface Upload {
	readonly id: string;
	readonly repository: string;
	/** Bytes that have arrived. */
	size: number;
}

export interface Uploads {
	begin(repository: string): Promise<Upload>;
	find(repository: string, id: string): Upload | undefined;
	/** Rejects with a Refusal where it gets too large, or with the error of the connection; the upload is over then. */
	receive(upload: Upload, bytes: AsyncIterable<Buffer>): Promise<void>;
	/** With its last bytes, if any: the blob where it is the one that `digest` names, else null. The upload is over. */
	complete(upload: Upload, bytes: AsyncIterable<Buffer>, digest: string): Promise<Drafted | null>;
	discard(upload: Upload): Promise<void>;
	discardAll(): Promise<void>;
}

interface OpenUpload extends Upload {
	draft: Draft;
	hash: Hash;
	isBusy: boolean;
	touched: number;
}

export interface UploadsOptions {
	storage: Storage;
	clock: { now(): Date };
	maxBlobSize: number;
}

/** What nobody has gone on with for so long is forgotten. */
const patience = 60 * 60 * 1000;

export function openUploads({ storage, clock, maxBlobSize }: UploadsOptions): Uploads {
	const open = new Map<string, OpenUpload>();

	async function begin(repository: string): Promise<Upload> {
		await discardWhere(({ isBusy, touched }) => !isBusy && touched < clock.now().getTime() - patience);
		const upload: OpenUpload = {
			id: randomUUID(),
			repository,
			size: 0,
			draft: await storage.draft(),
			hash: createHash('sha256'),
			isBusy: false,
			touched: clock.now().getTime(),
		};
		open.set(upload.id, upload);
		return upload;
	}

	function find(repository: string, id: string): OpenUpload | undefined {
		const upload = open.get(id);
		return upload?.repository === repository ? upload : undefined;
	}

	/** Two requests for one upload cannot both be in order. */
	async function work<T>({ repository, id }: Upload, action: (upload: OpenUpload) => Promise<T>): Promise<T> {
		const upload = find(repository, id);
		if (upload === undefined) throw refuse('BLOB_UPLOAD_UNKNOWN');
		if (upload.isBusy) throw refuse('RANGE_INVALID');
		upload.isBusy = true;
		try {
			return await action(upload);
		} catch (error) {
			await discard(upload);
			throw error;
		} finally {
			upload.isBusy = false;
			upload.touched = clock.now().getTime();
		}
	}

	async function append(upload: OpenUpload, bytes: AsyncIterable<Buffer>): Promise<void> {
		for await (const chunk of bytes) {
			if (upload.size + chunk.length > maxBlobSize) {
				throw refuse('SIZE_INVALID', { status: 413, message: `a blob may have at most ${maxBlobSize} bytes` });
			}
			upload.hash.update(chunk);
			await upload.draft.append(chunk);
			upload.size += chunk.length;
		}
	}

	function complete(upload: Upload, bytes: AsyncIterable<Buffer>, digest: string): Promise<Drafted | null> {
		return work(upload, async (own) => {
			await append(own, bytes);
			if ((await computeDigest(own, digest)) !== digest) {
				await discard(own);
				return null;
			}
			open.delete(own.id);
			return { digest, size: own.size, draft: own.draft };
		});
	}

	async function discard({ id }: Upload): Promise<void> {
		const upload = open.get(id);
		open.delete(id);
		await upload?.draft.discard();
	}

	async function discardWhere(isUnwanted: (upload: OpenUpload) => boolean): Promise<void> {
		await Promise.all([...open.values()].filter(isUnwanted).map(discard));
	}

	return {
		begin,
		find,
		receive: (upload, bytes) => work(upload, (own) => append(own, bytes)),
		complete,
		discard,
		discardAll: () => discardWhere(() => true),
	};
}

/** By the algorithm of `digest`. Only SHA-256 is reckoned while the bytes come in. */
async function computeDigest({ hash, draft }: OpenUpload, digest: string): Promise<string> {
	const algorithm = algorithmOf(parseDigest(digest));
	if (algorithm === 'sha256') return `sha256:${hash.digest('hex')}`;
	const other = createHash(algorithm);
	for await (const chunk of draft.read()) other.update(chunk as Buffer);
	return `${algorithm}:${other.digest('hex')}`;
}
