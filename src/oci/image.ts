/** Builds the sample image in memory: the same bytes for the same environment, wherever and whenever it is built. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packTar } from 'modern-tar';
import { findPackageFolder } from '../package-root.ts';
import { type Content, describeContent, describeJson, type OciImage, type Platform } from './content.ts';
import { digestOf } from './digest.ts';
import { mediaTypes } from './media-types.ts';

/** What `docker inspect` and the image index tell about whose image it is. */
const environmentAnnotation = 'kubeproctor.dev/environment';

export interface SampleImageOptions {
	/** The environment's label; another label makes another digest. */
	environment: string;
	/** `registry.example.com/myapp:1.0`; another name makes another digest. */
	name?: string;
	/** The program for each architecture; default: the ones in registry-setup/sample. */
	programs?: Record<Architecture, Uint8Array>;
}

export type Architecture = 'amd64' | 'arm64';

const platforms: Record<Architecture, Platform> = {
	amd64: { architecture: 'amd64', os: 'linux' },
	arm64: { architecture: 'arm64', os: 'linux', variant: 'v8' },
};

/** Whoever reads a date gets the one that says that none was recorded. */
const created = '1970-01-01T00:00:00Z';

/** Nobody in particular, by number, so that `runAsNonRoot` can be checked. */
const user = '65532:65532';

export async function buildSampleImage({ environment, name, programs }: SampleImageOptions): Promise<OciImage> {
	const given = programs ?? (await readPrograms());
	const annotations = {
		'org.opencontainers.image.title': 'kubeproctor sample',
		'org.opencontainers.image.description': 'Prints a greeting, then waits until it is asked to stop.',
		'org.opencontainers.image.licenses': 'Apache-2.0',
		[environmentAnnotation]: environment,
		...(name !== undefined && { 'org.opencontainers.image.ref.name': name }),
	};
	const built = await Promise.all(
		(['amd64', 'arm64'] as const).map((architecture) =>
			buildPlatform(platforms[architecture], given[architecture], annotations),
		),
	);
	const manifests = built.map(({ manifest }) => manifest);
	const index = describeJson(mediaTypes.index, {
		schemaVersion: 2,
		mediaType: mediaTypes.index,
		manifests: manifests.map(({ descriptor }) => descriptor),
		annotations,
	});
	return { index, manifests, blobs: built.flatMap(({ config, layer }) => [config, layer]) };
}

async function buildPlatform(
	platform: Platform,
	program: Uint8Array,
	labels: Record<string, string>,
): Promise<{ manifest: Content; config: Content; layer: Content }> {
	const layer = await buildLayer(program);
	const config = describeJson(mediaTypes.config, {
		created,
		...platform,
		config: { User: user, Env: ['PATH=/'], Entrypoint: ['/greet'], WorkingDir: '/', Labels: labels },
		rootfs: { type: 'layers', diff_ids: [digestOf(layer.bytes)] },
		history: [{ created, created_by: 'kubeproctor', comment: 'registry-setup/sample/greet.c' }],
	});
	const { descriptor, bytes } = describeJson(mediaTypes.manifest, {
		schemaVersion: 2,
		mediaType: mediaTypes.manifest,
		config: config.descriptor,
		layers: [layer.descriptor],
	});
	return { manifest: { descriptor: { ...descriptor, platform }, bytes }, config, layer };
}

/**
 * One file, not compressed: what gzip makes of it differs between builds of zlib, and so between versions of Node,
 * while this digest has to be the same for as long as the environment lives. It is three kilobytes.
 */
async function buildLayer(program: Uint8Array): Promise<Content> {
	const header = {
		name: 'greet',
		size: program.length,
		mode: 0o555,
		mtime: new Date(0),
		uid: 0,
		gid: 0,
		uname: '',
		gname: '',
		type: 'file' as const,
	};
	return describeContent(mediaTypes.layer, Buffer.from(await packTar([{ header, body: program }])));
}

async function readPrograms(): Promise<Record<Architecture, Uint8Array>> {
	const folder = join(findPackageFolder('registry-setup'), 'sample');
	const [amd64, arm64] = await Promise.all([
		readFile(join(folder, 'greet-amd64')),
		readFile(join(folder, 'greet-arm64')),
	]);
	return { amd64, arm64 };
}
