/** Pulls images over real HTTP, as containerd 2.1 does on a kind node, and says what fails in its words. */

import type { Socket } from 'node:net';
import type { Credentials } from '../../model/registry.ts';
import type { Content, Descriptor } from '../../oci/content.ts';
import { isDigestOf } from '../../oci/digest.ts';
import { createLookup, type FileLookup, readLayers } from '../../oci/image-files.ts';
import { isIndexType } from '../../oci/media-types.ts';
import { formatName, formatReference, type ImageReference, parseReference } from '../../oci/reference.ts';
import { openTransport } from '../../oci/transport.ts';
import { createImageContents, type ImageContents } from './image-contents.ts';
import { findPlatform, type ImageConfig, PullError, readDescriptors, readImageConfig } from './image-manifest.ts';
import { openRemote, type Remote } from './remote.ts';

export interface PulledImage {
	/** Digest of its config, which is what a container runtime calls the image's id. */
	id: string;
	/** In full: `registry.example.com/myapp:1.0`. */
	reference: string;
	/** `registry.example.com/myapp@sha256:…`: what the tag stood for. */
	repoDigest: string;
	/** Bytes of index, manifest, config and compressed layers. */
	size: number;
	config: ImageConfig;
	files: FileLookup;
}

export interface Puller {
	/** One attempt with one set of credentials; null: anonymous. Throws PullError. */
	pull(image: string, credentials: Credentials | null): Promise<PulledImage>;
	close(): void;
}

export interface PullerOptions {
	/** URL of a registry by the host that images name, as `certs.d` does it on a node; others are reached by their name. */
	routes: Readonly<Record<string, string>> | ((host: string) => string | undefined);
	/** What it has fetched already, and what it fetches. Default: nothing yet, in memory. */
	contents?: ImageContents;
	/** Told of each connection as it is opened. */
	onConnect?: (socket: Socket) => void;
	/** Default: amd64, whatever this machine is, because no container runs. */
	architecture?: string;
	/** Milliseconds without a byte until a pull is given up. */
	patience?: number;
}

/** Layers beyond that are not fetched: what is in them is not known then, and nothing is said to be missing. */
const maxLayers = 64 * 1024 * 1024;

export function openPuller({
	routes,
	contents = createImageContents(),
	architecture = 'amd64',
	patience,
	onConnect,
}: PullerOptions): Puller {
	const findRoute = typeof routes === 'function' ? routes : (host: string) => routes[host];
	const transport = openTransport({ patience, onConnect });
	/** Until they are unpacked. */
	const layers = new Map<string, Buffer>();

	async function fetchContent(
		remote: Remote,
		kind: 'manifests' | 'blobs',
		wanted: Descriptor,
		store: Pick<ImageContents, 'get' | 'set'> = contents,
	): Promise<Content> {
		const held = store.get(wanted.digest);
		if (held) return { descriptor: wanted, bytes: held };
		const bytes = await remote.get(kind, wanted);
		if (!isDigestOf(wanted.digest, bytes)) {
			throw new PullError(`failed to copy: unexpected digest for ${wanted.digest}`);
		}
		store.set(wanted.digest, bytes);
		return { descriptor: wanted, bytes };
	}

	async function fetchImage(remote: Remote, reference: ImageReference, target: Descriptor): Promise<PulledImage> {
		const top = await fetchContent(remote, 'manifests', target);
		const manifest = isIndexType(target.mediaType)
			? await fetchContent(remote, 'manifests', findPlatform(top, architecture))
			: top;
		const { config, layers } = readDescriptors(manifest);
		const configContent = await fetchContent(remote, 'blobs', config);
		const sizes = [...new Set([top, manifest])].map(({ bytes }) => bytes.length);
		return {
			id: config.digest,
			reference: formatReference(reference),
			repoDigest: `${formatName(reference)}@${target.digest}`,
			size: [...sizes, config.size, ...layers.map(({ size }) => size)].reduce((sum, size) => sum + size, 0),
			config: readImageConfig(configContent),
			files: await fetchFiles(remote, config.digest, layers),
		};
	}

	async function fetchFiles(remote: Remote, imageId: string, wanted: readonly Descriptor[]): Promise<FileLookup> {
		const known = contents.filesOf(imageId);
		if (known) return createLookup(known);
		if (wanted.reduce((sum, { size }) => sum + size, 0) > maxLayers) return createLookup(null);
		const fetched: Content[] = [];
		for (const layer of wanted) fetched.push(await fetchContent(remote, 'blobs', layer, layers));
		const files = await readLayers(fetched);
		if (files !== null) contents.setFiles(imageId, files);
		// A node that has unpacked a layer does not need it again: `discard_unpacked_layers`, as kind sets it.
		for (const { digest } of wanted) layers.delete(digest);
		return createLookup(files);
	}

	return {
		async pull(image, credentials) {
			const reference = parseReference(image);
			const name = formatReference(reference);
			const unpacking = `failed to pull and unpack image "${name}": `;
			let remote: Remote;
			let target: Descriptor;
			try {
				remote = openRemote({ transport, reference, credentials, route: findRoute(reference.host) });
				target = await remote.resolve();
			} catch (error) {
				throw prefix(error, `${unpacking}failed to resolve reference "${name}": `);
			}
			try {
				return await fetchImage(remote, reference, target);
			} catch (error) {
				throw prefix(error, unpacking);
			}
		},
		close: () => transport.close(),
	};
}

/** The kubelet strips gRPC's prefix from errors of an unknown code only. */
function prefix(error: unknown, text: string): unknown {
	if (!(error instanceof PullError)) return error;
	const grpc = error.isNotFound ? 'rpc error: code = NotFound desc = ' : '';
	return new PullError(`${grpc}${text}${error.message}`);
}
