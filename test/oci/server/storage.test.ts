/** What a registry keeps in a folder: through restarts, deletions and crashes. */

import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { LabError } from '../../../src/model/error.ts';
import { describeContent } from '../../../src/oci/content.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import { startRegistry } from '../../../src/oci/server/index.ts';
import { suite } from '../../harness.ts';
import { imageOf } from '../image-of.ts';
import { askAsLearner, beginUpload, listBytes, listDrafts, withClient, withFolder, withRegistry } from './registry.ts';

const test = suite('oci/server/storage');
const image = imageOf(Buffer.from('layer'));

test('everything is there again after a restart, names that differ only in case included', async () => {
	await withFolder(async (folder) => {
		const storage = { folder };
		const tags = ['latest', 'Latest', '__proto__', 'constructor'];
		await withRegistry({ storage }, ({ url }) =>
			withClient(url, async (client) => {
				for (const tag of tags) await client.pushImage(image, 'a/b', tag);
				await client.pushImage(image, 'a', '1');
			}),
		);
		await withRegistry({ storage }, async (registry) => {
			for (const tag of tags) {
				assert.equal(await withClient(registry.url, (client) => client.pullImage('a/b', tag)), image);
			}
			const { body } = await askAsLearner(registry, 'GET', '/v2/a/b/tags/list');
			assert.equal(JSON.parse(body).tags, [...tags].sort());
			assert.is((await askAsLearner(registry, 'GET', '/v2/_catalog')).body, '{"repositories":["a","a/b"]}\n');
		});
	});
});

test('an upload is over with the registry that it began with, and a new one goes through', async () => {
	await withFolder(async (folder) => {
		const storage = { folder };
		const begun = await withRegistry({ storage }, async (registry) => {
			const upload = await beginUpload(registry, 'app');
			assert.is((await askAsLearner(registry, 'PATCH', upload, {}, 'lay')).status, 202);
			return upload;
		});
		await withRegistry({ storage }, async (registry) => {
			for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
				const { status, body } = await askAsLearner(registry, method, begun, {}, method === 'GET' ? '' : 'er');
				assert.equal([status, JSON.parse(body).errors[0].code], [404, 'BLOB_UPLOAD_UNKNOWN'], method);
			}
			assert.equal(listDrafts(folder), []);
			await withClient(registry.url, (client) => client.pushImage(image, 'app', '1'));
			assert.equal(await withClient(registry.url, (client) => client.pullImage('app', '1')), image);
		});
	});
});

test('bytes are kept once, as long as any repository has them', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder } }, async (registry) => {
			await withClient(registry.url, async (client) => {
				for (const repository of ['one', 'other']) await client.pushImage(image, repository, '1');
			});
			assert.is(listBytes(folder).length, 3);
			const paths = (repository: string) => [
				`/v2/${repository}/manifests/${image.index.descriptor.digest}`,
				...image.blobs.map(({ descriptor }) => `/v2/${repository}/blobs/${descriptor.digest}`),
			];
			for (const path of paths('one')) assert.is((await askAsLearner(registry, 'DELETE', path)).status, 202);
			assert.equal(await withClient(registry.url, (client) => client.pullImage('other', '1')), image);
			for (const path of paths('other')) assert.is((await askAsLearner(registry, 'DELETE', path)).status, 202);
			assert.equal(listBytes(folder), []);
		});
	});
});

test('the same blob deleted and pushed over and over at once is either there or not, never half', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder } }, async (registry) => {
			const blob = describeContent(mediaTypes.layer, Buffer.from('again and again'));
			const path = `/v2/app/blobs/${blob.descriptor.digest}`;
			const push = async () => {
				const upload = await beginUpload(registry, 'app');
				return askAsLearner(registry, 'PUT', `${upload}?digest=${blob.descriptor.digest}`, {}, blob.bytes.toString());
			};
			const rounds = Array.from({ length: 20 }, () => [push(), askAsLearner(registry, 'DELETE', path), push()]).flat();
			const statuses = (await Promise.all(rounds)).map(({ status }) => status);
			assert.ok(
				statuses.every((status) => [201, 202, 404].includes(status)),
				statuses.join(),
			);
			const { status, body } = await askAsLearner(registry, 'GET', path);
			assert.ok(status === 404 || body === blob.bytes.toString());
			assert.is(listBytes(folder).length, status === 200 ? 1 : 0);
			assert.equal(listDrafts(folder), []);
		});
	});
});

test('what a crash leaves behind is swept away at the next start', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder } }, ({ url }) =>
			withClient(url, (client) => client.pushImage(image, 'app', '1')),
		);
		const kept = listBytes(folder);
		writeFileSync(join(folder, 'blobs', `sha256-${'0'.repeat(64)}`), 'nobody knows me');
		writeFileSync(join(folder, 'drafts', 'half'), 'half a bl');
		await withRegistry({ storage: { folder } }, async ({ url }) => {
			assert.equal(await withClient(url, (client) => client.pullImage('app', '1')), image);
			assert.equal(listBytes(folder), kept);
			assert.equal(listDrafts(folder), []);
		});
	});
});

test('a record that cannot be read is reported with its file', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder } }, ({ url }) =>
			withClient(url, (client) => client.pushImage(image, 'team/app', '1')),
		);
		const record = join(folder, 'repositories/team/app/_repository.json');
		for (const damage of ['', '{', 'null', '{"blobs":{}}']) {
			writeFileSync(record, damage);
			const error = await startRegistry({ users: null, storage: { folder } }).catch((thrown: unknown) => thrown);
			assert.instance(error, LabError, damage);
			assert.is((error as LabError).code, 'registry-damaged');
			assert.match((error as LabError).message, record);
		}
	});
});

test('a disk that takes nothing is our fault, not the client’s, and passes', async () => {
	await withFolder(async (folder) => {
		const errors: unknown[] = [];
		const onRequest = ({ error }: { error: unknown }) => errors.push(...[error].filter(Boolean));
		await withRegistry({ storage: { folder }, onRequest }, async (registry) => {
			rmSync(join(folder, 'drafts'), { recursive: true });
			const { status, body } = await askAsLearner(registry, 'POST', '/v2/app/blobs/uploads/');
			assert.is(status, 500);
			assert.is(body, '{"errors":[{"code":"UNKNOWN","message":"unknown error"}]}\n');
			assert.match(String(errors[0]), 'ENOENT');
			writeFileSync(join(folder, 'drafts'), '');
			rmSync(join(folder, 'drafts'));
		});
		await withRegistry({ storage: { folder } }, ({ url }) =>
			withClient(url, (client) => client.pushImage(image, 'app', '1')),
		);
	});
});

test('nobody else on the machine can read it', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder: join(folder, 'new') } }, ({ url }) =>
			withClient(url, (client) => client.pushImage(image, 'app', '1')),
		);
		const modes = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
			const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
			return entry.isDirectory() ? mode === 0o700 : mode === 0o600;
		});
		assert.ok(modes.length > 8 && modes.every(Boolean));
	});
});

test.run();
