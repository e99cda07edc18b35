/** A manifest that was pushed: what its bytes say, and what must be there before it. */

import { type Descriptor, isDescriptor } from '../content.ts';
import { isIndexType, mediaTypes } from '../media-types.ts';
import { type Refusal, refuse, refuseEach } from './refusal.ts';
import type { Repository } from './storage.ts';

export interface Manifest {
	mediaType: string;
	config?: Descriptor;
	layers: PushedDescriptor[];
	/** Of an index. */
	manifests: Descriptor[];
	subject?: Descriptor;
	artifactType?: string;
	annotations?: Record<string, string>;
}

export interface PushedDescriptor extends Descriptor {
	/** Where else it is to be had. */
	urls?: string[];
}

const known: readonly string[] = [
	mediaTypes.index,
	mediaTypes.manifest,
	mediaTypes.dockerIndex,
	mediaTypes.dockerManifest,
];

/** Throws Refusal. */
export function parseManifest(mediaType: string, bytes: Buffer): Manifest {
	const parsed = parseObject(bytes);
	const isIndex = isIndexType(mediaType);
	// Docker's manifests have always said what they are; the OCI's may leave it out.
	const isOci = mediaType === mediaTypes.index || mediaType === mediaTypes.manifest;
	const said = parsed['mediaType'] || (isOci && mediaType);
	if (!known.includes(mediaType) || said !== mediaType) throw invalid();
	// A document that can be read as either of the two has two meanings (CVE-2021-41190).
	const isMarkedAsIndex = 'manifests' in parsed && !('config' in parsed) && !('layers' in parsed);
	const isMarkedAsImage = 'config' in parsed && !('manifests' in parsed);
	if (parsed['schemaVersion'] !== 2 || !(isIndex ? isMarkedAsIndex : isMarkedAsImage)) throw invalid();
	const { config, subject, artifactType, annotations } = parsed;
	if (!isIndex && !isDescriptor(config)) throw invalid();
	if (subject !== undefined && subject !== null && !isDescriptor(subject)) throw invalid();
	return {
		mediaType,
		layers: readDescriptors(parsed['layers']),
		manifests: readDescriptors(parsed['manifests']),
		...(isDescriptor(config) && { config }),
		...(isDescriptor(subject) && { subject }),
		...(typeof artifactType === 'string' && artifactType !== '' && { artifactType }),
		...(isObject(annotations) && { annotations: annotations as Record<string, string> }),
	};
}

/** Throws Refusal, which names everything that is missing. A subject may come later. */
export function checkContents({ config, layers, manifests }: Manifest, repository: Repository | undefined): void {
	const hasBlob = ({ digest }: Descriptor) => repository?.blobs.has(digest) ?? false;
	const hasManifest = ({ digest }: Descriptor) => repository?.manifests.has(digest) ?? false;
	const missing = [
		...[config].filter((descriptor) => descriptor !== undefined).filter((descriptor) => !hasBlob(descriptor)),
		...layers.filter((layer) => !isForeign(layer) && !hasBlob(layer)),
		// What an index lists may be anything.
		...manifests.filter((manifest) => !hasManifest(manifest) && !hasBlob(manifest)),
	];
	if (missing.length > 0) {
		throw refuseEach(
			'MANIFEST_BLOB_UNKNOWN',
			missing.map(({ digest }) => digest),
		);
	}
}

/** A layer that may not be given away, and that clients get elsewhere. */
function isForeign({ mediaType, urls }: PushedDescriptor): boolean {
	return (urls?.length ?? 0) > 0 || /\.foreign\.|nondistributable/.test(mediaType);
}

function parseObject(bytes: Buffer): Record<string, unknown> {
	let parsed: unknown;
	try {
		parsed = JSON.parse(bytes.toString());
	} catch {}
	if (!isObject(parsed)) throw invalid();
	return parsed;
}

function readDescriptors(value: unknown): Descriptor[] {
	const given = value ?? [];
	if (!Array.isArray(given) || !given.every(isDescriptor)) throw invalid();
	return given;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(): Refusal {
	return refuse('MANIFEST_INVALID', { detail: {} });
}
