/** Content with its descriptor: the one shape in which blobs and manifests are held. */

import { digestOf, isDigest } from './digest.ts';

export interface Platform {
	os: string;
	architecture: string;
	variant?: string;
}

/** A descriptor of the OCI image spec. */
export interface Descriptor {
	mediaType: string;
	digest: string;
	size: number;
	platform?: Platform;
	annotations?: Record<string, string>;
}

/** Whether a value of a JSON document is one that can be gone by. */
export function isDescriptor(value: unknown): value is Descriptor {
	const { mediaType, digest, size } = (value ?? {}) as Partial<Descriptor>;
	return typeof mediaType === 'string' && Number.isInteger(size) && typeof digest === 'string' && isDigest(digest);
}

export interface Content {
	descriptor: Descriptor;
	bytes: Buffer;
}

/** A whole image: `index` names `manifests`, and those name `blobs` (configs and layers, each once). */
export interface OciImage {
	index: Content;
	/** One for each platform; empty where `index` is itself the manifest of a single platform. */
	manifests: Content[];
	blobs: Content[];
}

export function describeContent(mediaType: string, bytes: Buffer): Content {
	return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}

/** Content of a JSON document. Members are written in the order given, so equal values have equal digests. */
export function describeJson(mediaType: string, value: object): Content {
	return describeContent(mediaType, Buffer.from(JSON.stringify(value)));
}
