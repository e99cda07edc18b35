/** The sample image: its bytes are fixed, its parts refer to each other, its layer is a tar archive. */

import { unpackTar } from 'modern-tar';
import * as assert from 'uvu/assert';
import type { Content, OciImage } from '../../src/oci/content.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { buildSampleImage } from '../../src/oci/image.ts';
import { mediaTypes } from '../../src/oci/media-types.ts';
import { suite } from '../harness.ts';

const test = suite('oci/image');

/**
 * Changes only with the image itself: then Pods of environments that exist run a digest that `up` no longer pushes.
 * That is worth a line in the release notes.
 */
const digestOfTest1 = 'sha256:7c8b85f3b55d2aa565f430f37c6a65b72b3a2718b8bb1850c050a0bf0665c036';

test('the same environment gives the same digest, for ever', async () => {
	for (let round = 0; round < 2; round++) {
		assert.is((await buildSampleImage({ environment: 'test-1' })).index.descriptor.digest, digestOfTest1);
	}
});

test('another environment gives another digest for the index and for each platform', async () => {
	const digests = ['test-1', 'test-2'].map(async (environment) => {
		const { index, manifests } = await buildSampleImage({ environment });
		return [index, ...manifests].map(({ descriptor }) => descriptor.digest);
	});
	assert.is(new Set((await Promise.all(digests)).flat()).size, 6);
});

test('every descriptor tells the truth, and everything referred to is there', async () => {
	const { index, manifests, blobs } = await buildSampleImage({ environment: 'test-1' });
	for (const { descriptor, bytes } of [index, ...manifests, ...blobs]) {
		assert.is(descriptor.digest, digestOf(bytes));
		assert.is(descriptor.size, bytes.length);
	}
	const { manifests: listed, annotations } = parse<{ manifests: unknown[]; annotations: Record<string, string> }>(
		index,
	);
	assert.equal(
		listed,
		manifests.map(({ descriptor }) => descriptor),
	);
	assert.is(annotations['kubeproctor.dev/environment'], 'test-1');
	const known = new Set(blobs.map(({ descriptor }) => descriptor.digest));
	for (const manifest of manifests) {
		const { config, layers } = parse<{ config: { digest: string }; layers: { digest: string }[] }>(manifest);
		for (const { digest } of [config, ...layers]) assert.ok(known.has(digest));
	}
});

test('it runs the program of its platform as nobody in particular', async () => {
	const image = await buildSampleImage({ environment: 'test-1' });
	// Byte 18 of an ELF file: the machine.
	for (const [architecture, machine] of [
		['amd64', 0x3e],
		['arm64', 0xb7],
	] as const) {
		const { config, layer } = partsOf(image, architecture);
		const { Entrypoint, User, Labels } = config.config;
		assert.equal(Entrypoint, ['/greet']);
		assert.match(User, /^[1-9]\d*:[1-9]\d*$/);
		assert.is(Labels['kubeproctor.dev/environment'], 'test-1');
		assert.equal(config.rootfs.diff_ids, [layer.descriptor.digest]);

		const [entry, ...others] = await unpackTar(layer.bytes);
		assert.is(others.length, 0);
		assert.is(entry?.header.name, 'greet');
		assert.is(entry?.header.mode, 0o555);
		assert.is(entry?.data?.[18], machine);
	}
});

interface Config {
	config: { Entrypoint: string[]; User: string; Labels: Record<string, string> };
	rootfs: { diff_ids: string[] };
}

function partsOf({ manifests, blobs }: OciImage, architecture: string): { config: Config; layer: Content } {
	const manifest = manifests.find(({ descriptor }) => descriptor.platform?.architecture === architecture);
	assert.ok(manifest);
	const { config, layers } = parse<{ config: { digest: string }; layers: { digest: string }[] }>(manifest);
	const find = (digest: string | undefined) => {
		const blob = blobs.find(({ descriptor }) => descriptor.digest === digest);
		assert.ok(blob);
		return blob;
	};
	const layer = find(layers[0]?.digest);
	assert.is(layer.descriptor.mediaType, mediaTypes.layer);
	return { config: parse<Config>(find(config.digest)), layer };
}

function parse<T>({ bytes }: Content): T {
	return JSON.parse(bytes.toString()) as T;
}

test.run();
