/** The journal: who pulled what, as whom, and what is left of it after a crash. */

import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { LabError } from '../../../src/model/error.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import { type AccessRecord, startRegistry } from '../../../src/oci/server/index.ts';
import { readAccessJournal } from '../../../src/oci/server/journal.ts';
import { ask } from '../../contracts/registry/ask.ts';
import { learner } from '../../contracts/registry/cases.ts';
import { suite } from '../../harness.ts';
import { imageOf } from '../image-of.ts';
import { askAsLearner, authorization, withClient, withFolder, withRegistry } from './registry.ts';

const test = suite('oci/server/journal');
const image = imageOf(Buffer.from('layer'));
const accept = { accept: mediaTypes.manifest };

test('every request for a manifest is there as soon as it is answered, and nothing else is', async () => {
	const clock = { now: () => new Date('2026-11-23T05:00:00Z') };
	await withRegistry(
		{ clock, nameClient: (address, port) => (port > 0 ? `node of ${address}` : '') },
		async (registry) => {
			await withClient(registry.url, (client) => client.pushImage(image, 'team/app', '1.0'));
			const before = registry.records.length;
			const userAgent = { 'user-agent': 'containerd/v2.1.9' };
			const { digest } = image.index.descriptor;

			await askAsLearner(registry, 'HEAD', '/v2/team/app/manifests/1.0?ns=registry.example.com', {
				...accept,
				...userAgent,
			});
			await askAsLearner(registry, 'GET', `/v2/team/app/manifests/${digest.replace(':', '%3A')}`, accept);
			await askAsLearner(registry, 'GET', '/v2/team/app/manifests/9.9', accept);
			await ask(registry.url, { method: 'GET', path: '/v2/team/app/manifests/1.0', headers: userAgent });
			await ask(registry.url, { method: 'GET', path: '/v2/', headers: { authorization } });
			await askAsLearner(registry, 'GET', `/v2/team/app/blobs/${image.blobs[0]?.descriptor.digest}`);
			await askAsLearner(registry, 'DELETE', '/v2/team/app/manifests/1.0');

			const common = { time: '2026-11-23T05:00:00.000Z', repository: 'team/app', client: 'node of 127.0.0.1' };
			assert.equal(registry.records.slice(before), [
				{
					...common,
					method: 'HEAD',
					reference: '1.0',
					status: 200,
					userAgent: 'containerd/v2.1.9',
					user: 'myuser',
					digest,
				},
				{ ...common, method: 'GET', reference: digest, status: 200, userAgent: '', user: 'myuser', digest },
				{ ...common, method: 'GET', reference: '9.9', status: 404, userAgent: '', user: 'myuser', digest: null },
				{
					...common,
					method: 'GET',
					reference: '1.0',
					status: 401,
					userAgent: 'containerd/v2.1.9',
					user: null,
					digest: null,
				},
			]);
		},
	);
});

test('no password and no name that was merely claimed gets into it', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder } }, async ({ url }) => {
			for (const given of ['s3cret:myuser', 'myuser:s3cret', 's3cret']) {
				const headers = { authorization: `Basic ${btoa(given)}` };
				await ask(url, { method: 'GET', path: '/v2/app/manifests/1', headers });
			}
		});
		const text = readFileSync(join(folder, 'access.jsonl'), 'utf8');
		assert.is(text.split('\n').length, 4);
		assert.not.match(text, /s3cret|myuser|czNjcmV0/);
		assert.is(statSync(join(folder, 'access.jsonl')).mode & 0o777, 0o600);
	});
});

test('it goes on after a restart, and half a line at its end is dropped', async () => {
	await withFolder(async (folder) => {
		const storage = { folder };
		const pull = (reference: string) =>
			withRegistry({ storage }, async (registry) => {
				await askAsLearner(registry, 'GET', `/v2/app/manifests/${reference}`);
				assert.equal(readAccessJournal(folder), registry.records);
				return registry.records.map((record) => record.reference);
			});
		assert.equal(await pull('one'), ['one']);
		appendFileSync(join(folder, 'access.jsonl'), '{"time":"2026-11-23T05:00:00.000Z","method":"GE');
		assert.is(readAccessJournal(folder).length, 1);
		assert.equal(await pull('two'), ['one', 'two']);
		assert.equal(await pull('three'), ['one', 'two', 'three']);
	});
});

test('any other damage is reported, with the line that has it', async () => {
	await withFolder(async (folder) => {
		const record: Partial<AccessRecord> = { time: '2026-11-23T05:00:00.000Z', status: 200 };
		for (const damage of ['half a line {', '{}', '[]', 'null', '']) {
			const lines = [JSON.stringify(record), damage, JSON.stringify(record)];
			writeFileSync(join(folder, 'access.jsonl'), lines.map((line) => `${line}\n`).join(''));
			for (const read of [
				() => readAccessJournal(folder),
				() => startRegistry({ users: { credentials: [learner] }, storage: { folder } }),
			]) {
				const error = await (async () => read())().catch((thrown: unknown) => thrown);
				assert.instance(error, LabError, JSON.stringify(damage));
				assert.match((error as LabError).message, 'Line 2 of ');
			}
		}
	});
});

test('a folder that never was one has an empty journal', async () => {
	await withFolder(async (folder) => assert.equal(readAccessJournal(join(folder, 'absent')), []));
});

test.run();
