/** Where a registry keeps what it holds: bytes by their digest, and what each repository has of them. */

import type { Readable } from 'node:stream';
import type { ByteRange } from './byte-range.ts';

/** What is in a repository. Never changed in place. */
export interface Repository {
	/** Size by digest. */
	blobs: ReadonlyMap<string, number>;
	/** By digest. */
	manifests: ReadonlyMap<string, StoredManifest>;
	/** Digest by tag. */
	tags: ReadonlyMap<string, string>;
}

export interface StoredManifest {
	mediaType: string;
	size: number;
	/** Digest of the manifest that this one says something about. */
	subject?: string;
}

export interface Storage {
	/** Everything that was saved before. */
	load(): Promise<Map<string, Repository>>;
	/** Once this has resolved, it is kept. */
	save(name: string, repository: Repository): Promise<void>;
	draft(): Promise<Draft>;
	/** The bytes must be there. */
	read(digest: string): Promise<Buffer>;
	stream(digest: string, range?: ByteRange): Promise<Readable>;
	remove(digest: string): Promise<void>;
}

/** Bytes that are on their way in: nobody sees them before they are kept. */
export interface Draft {
	append(bytes: Buffer): Promise<void>;
	read(): Readable;
	/** Under that digest, which the caller has checked. The draft is over then. */
	keep(digest: string): Promise<void>;
	/** May be called at any time, also more than once. */
	discard(): Promise<void>;
}
