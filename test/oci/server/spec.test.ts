/** What the distribution spec 1.1 asks for and registry:2 has not got. */

import { createHash } from 'node:crypto';
import * as assert from 'uvu/assert';
import { describeContent, describeJson } from '../../../src/oci/content.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import type { RunningRegistry } from '../../../src/oci/server/index.ts';
import { suite } from '../../harness.ts';
import { imageOf } from '../image-of.ts';
import { askAsLearner, beginUpload, withClient, withRegistry } from './registry.ts';

const test = suite('oci/server/spec');
const image = imageOf(Buffer.from('layer'));
const config = describeJson(mediaTypes.config, {});
const subject = image.index.descriptor;

test('referrers: by their type, with annotations, and before their subject is there', async () => {
	await withRegistry({}, async (registry) => {
		await pushBlob(registry, 'app', config.bytes);
		const signature = { artifactType: 'application/x.signature', annotations: { by: 'us' } };
		const pushed = [
			await pushManifest(registry, mediaTypes.manifest, {
				config: config.descriptor,
				layers: [],
				subject,
				...signature,
			}),
			await pushManifest(registry, mediaTypes.manifest, { config: config.descriptor, layers: [], subject }),
			await pushManifest(registry, mediaTypes.index, { manifests: [], subject, artifactType: 'application/x.list' }),
		];
		await pushManifest(registry, mediaTypes.index, { manifests: [] });
		const [signed, plain, list] = pushed;

		const path = `/v2/app/referrers/${subject.digest}`;
		const all = await askAsLearner(registry, 'GET', path);
		assert.is(all.headers['content-type'], mediaTypes.index);
		assert.is(all.headers['oci-filters-applied'], undefined);
		assert.equal(JSON.parse(all.body), {
			schemaVersion: 2,
			mediaType: mediaTypes.index,
			manifests: [
				{ ...signed?.descriptor, ...signature },
				{ ...plain?.descriptor, artifactType: mediaTypes.config },
				{ ...list?.descriptor, artifactType: 'application/x.list' },
			],
		});

		const some = await askAsLearner(registry, 'GET', `${path}?artifactType=application%2Fx.signature`);
		assert.is(some.headers['oci-filters-applied'], 'artifactType');
		assert.equal(JSON.parse(some.body).manifests, [{ ...signed?.descriptor, ...signature }]);

		await askAsLearner(registry, 'DELETE', `/v2/app/manifests/${signed?.descriptor.digest}`);
		assert.is(JSON.parse((await askAsLearner(registry, 'GET', path)).body).manifests.length, 2);
		const elsewhere = await askAsLearner(registry, 'GET', path.replace('app', 'other'));
		assert.equal([elsewhere.status, JSON.parse(elsewhere.body).manifests], [200, []]);
	});
});

test('a repository mounts what any other has, and uploads what none has', async () => {
	await withRegistry({}, async (registry) => {
		const { digest } = await pushBlob(registry, 'source', Buffer.from('blob'));
		const mount = async (query: string) =>
			(await askAsLearner(registry, 'POST', `/v2/target/blobs/uploads/?mount=${query}`)).status;
		assert.is(await mount(`${digest}&from=elsewhere`), 202);
		assert.is((await askAsLearner(registry, 'HEAD', `/v2/target/blobs/${digest}`)).status, 404);
		assert.is(await mount(digest), 201);
		assert.is((await askAsLearner(registry, 'GET', `/v2/target/blobs/${digest}`)).body, 'blob');
		assert.is(await mount(`sha256:${'0'.repeat(64)}`), 202);
		assert.is(await mount('sha256:0'), 202);
	});
});

for (const algorithm of ['sha384', 'sha512']) {
	test(`blobs and manifests by ${algorithm}`, async () => {
		await withRegistry({}, async (registry) => {
			const digestBy = (bytes: Buffer) => `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
			const upload = await beginUpload(registry, 'app');
			await askAsLearner(registry, 'PATCH', upload, {}, config.bytes.toString());
			const digest = digestBy(config.bytes);
			const committed = await askAsLearner(registry, 'PUT', `${upload}?digest=${digest}`);
			assert.equal([committed.status, committed.headers['docker-content-digest']], [201, digest]);
			assert.is((await askAsLearner(registry, 'GET', `/v2/app/blobs/${digest}`)).body, config.bytes.toString());

			const { bytes } = describeJson(mediaTypes.manifest, {
				schemaVersion: 2,
				config: { ...config.descriptor, digest },
				layers: [],
			});
			const path = `/v2/app/manifests/${digestBy(bytes)}`;
			const headers = { 'content-type': mediaTypes.manifest, accept: mediaTypes.manifest };
			assert.is((await askAsLearner(registry, 'PUT', path, headers, bytes.toString())).status, 201);
			assert.is((await askAsLearner(registry, 'GET', path, headers)).body, bytes.toString());
			assert.is((await askAsLearner(registry, 'PUT', path, headers, `${bytes} `)).status, 400);
		});
	});
}

test('a list of tags is followed by its links to the end, each tag once and in order', async () => {
	await withRegistry({}, async (registry) => {
		const tags = ['v10', 'v9', 'V1', '_x', 'a.b-c', '1', 'z'];
		await withClient(registry.url, async (client) => {
			for (const tag of tags) await client.pushImage(image, 'app', tag);
		});
		const found: string[] = [];
		let path: string | undefined = '/v2/app/tags/list?n=2';
		while (path !== undefined) {
			const { headers, body } = await askAsLearner(registry, 'GET', path);
			const page = JSON.parse(body).tags;
			assert.ok(page.length > 0 && page.length <= 2);
			found.push(...page);
			path = /^<(.*)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
		}
		assert.equal(found, [...tags].sort());
		const last = await askAsLearner(registry, 'GET', '/v2/app/tags/list?n=7');
		assert.is(last.headers['link'], undefined);
	});
});

test('a tag is deleted without the manifest and its other tags', async () => {
	await withRegistry({}, async (registry) => {
		await withClient(registry.url, async (client) => {
			for (const tag of ['one', 'other']) await client.pushImage(image, 'app', tag);
		});
		assert.is((await askAsLearner(registry, 'DELETE', '/v2/app/manifests/one')).status, 202);
		assert.is((await askAsLearner(registry, 'DELETE', '/v2/app/manifests/one')).status, 404);
		await withClient(registry.url, async (client) => {
			assert.equal(await client.pullImage('app', 'other'), image);
			assert.equal(await client.pullImage('app', subject.digest), image);
		});
	});
});

test('a manifest that can be read as two things, or as none, is refused', async () => {
	await withRegistry({}, async (registry) => {
		await pushBlob(registry, 'app', config.bytes);
		const good = { config: config.descriptor, layers: [] };
		const put = async (mediaType: string, value: object | string) => {
			const body = typeof value === 'string' ? value : JSON.stringify({ schemaVersion: 2, ...value });
			return (await askAsLearner(registry, 'PUT', '/v2/app/manifests/1', { 'content-type': mediaType }, body)).status;
		};
		assert.is(await put(mediaTypes.manifest, good), 201);
		assert.is(await put(`${mediaTypes.manifest}; charset=utf-8`, good), 201);
		assert.is(await put(mediaTypes.manifest, { ...good, manifests: [] }), 400);
		assert.is(await put(mediaTypes.index, { ...good, manifests: [] }), 400);
		assert.is(await put(mediaTypes.index, good), 400);
		assert.is(await put(mediaTypes.index, {}), 400);
		assert.is(await put(mediaTypes.manifest, { ...good, schemaVersion: 1 }), 400);
		assert.is(await put(mediaTypes.manifest, { ...good, mediaType: mediaTypes.index }), 400);
		assert.is(await put(mediaTypes.manifest, { ...good, layers: {} }), 400);
		assert.is(await put(mediaTypes.manifest, { ...good, layers: [{}] }), 400);
		assert.is(await put(mediaTypes.manifest, { ...good, config: { ...config.descriptor, digest: 'sha256:0' } }), 400);
		assert.is(await put(mediaTypes.manifest, { ...good, subject: 'x' }), 400);
		for (const body of ['', 'null', '[]', '1', '{', '"x"']) assert.is(await put(mediaTypes.manifest, body), 400, body);
	});
});

async function pushBlob(registry: RunningRegistry, repository: string, bytes: Buffer) {
	const { descriptor } = describeContent(mediaTypes.bytes, bytes);
	const path = `/v2/${repository}/blobs/uploads/?digest=${descriptor.digest}`;
	assert.is((await askAsLearner(registry, 'POST', path, {}, bytes.toString())).status, 201);
	return descriptor;
}

async function pushManifest(registry: RunningRegistry, mediaType: string, value: object) {
	const manifest = describeJson(mediaType, { schemaVersion: 2, mediaType, ...value });
	const { digest } = manifest.descriptor;
	const headers = { 'content-type': mediaType };
	const answer = await askAsLearner(registry, 'PUT', `/v2/app/manifests/${digest}`, headers, manifest.bytes.toString());
	assert.is(answer.status, 201);
	assert.is(answer.headers['oci-subject'], 'subject' in value ? subject.digest : undefined);
	return manifest;
}

test.run();
