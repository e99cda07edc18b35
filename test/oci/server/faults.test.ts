/** Clients that are slow, rude, gone or greedy: they get an answer or nothing, and nothing of theirs is left. */

import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { digestOf } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import type { RunningRegistry } from '../../../src/oci/server/index.ts';
import { suite } from '../../harness.ts';
import { imageOf } from '../image-of.ts';
import {
	askAsLearner,
	authorization,
	beginUpload,
	listBytes,
	listDrafts,
	withClient,
	withFolder,
	withRegistry,
} from './registry.ts';

const test = suite('oci/server/faults');

test('an upload whose client goes away within a chunk leaves nothing', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder } }, async (registry) => {
			for (const method of ['PATCH', 'PUT']) {
				const upload = `${await beginUpload(registry, 'app')}?digest=${digestOf('x')}`;
				const socket = net.connect(registry.port, '127.0.0.1');
				socket.write(
					`${method} ${upload} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 9999\r\n\r\nhalf`,
				);
				await awaitBytes(registry, upload, 4);
				assert.is(listDrafts(folder).length, 1);
				socket.destroy();
				await until(() => listDrafts(folder).length === 0);
				assert.is((await askAsLearner(registry, 'GET', upload)).status, 404);
			}
			assert.equal(listBytes(folder), []);
		});
	});
});

test('a client that says nothing any more is given up', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder }, patience: 100 }, async (registry) => {
			const upload = await beginUpload(registry, 'app');
			const socket = net.connect(registry.port, '127.0.0.1');
			socket.write(
				`PATCH ${upload} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 9999\r\n\r\nhalf`,
			);
			socket.resume();
			await once(socket, 'close');
			await until(() => listDrafts(folder).length === 0);
		});
	});
});

test('stopping in the middle of a push leaves no draft, and is not waited for', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder } }, async (registry) => {
			const upload = await beginUpload(registry, 'app');
			const socket = net.connect(registry.port, '127.0.0.1').on('error', () => {});
			socket.write(
				`PATCH ${upload} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 9999\r\n\r\nhalf`,
			);
			await awaitBytes(registry, upload, 4);
		});
		assert.equal(listDrafts(folder), []);
	});
});

test('two requests for one upload: the second is refused, the first goes on', async () => {
	await withRegistry({}, async (registry) => {
		const upload = await beginUpload(registry, 'app');
		const socket = net.connect(registry.port, '127.0.0.1');
		socket.write(
			`PATCH ${upload} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 5\r\n\r\nhel`,
		);
		await awaitBytes(registry, upload, 3);
		assert.is((await askAsLearner(registry, 'PATCH', upload, {}, 'xx')).status, 416);
		assert.is((await askAsLearner(registry, 'PUT', `${upload}?digest=${digestOf('xx')}`, {}, 'xx')).status, 416);
		socket.end('lo');
		socket.resume();
		await once(socket, 'close');
		assert.is((await askAsLearner(registry, 'PUT', `${upload}?digest=${digestOf('hello')}`)).status, 201);
	});
});

test('an upload that nobody goes on with for an hour is forgotten', async () => {
	let time = Date.parse('2026-11-23T05:00:00Z');
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder }, clock: { now: () => new Date(time) } }, async (registry) => {
			const [idle, used] = [await beginUpload(registry, 'app'), await beginUpload(registry, 'app')];
			time += 40 * 60_000;
			await askAsLearner(registry, 'PATCH', used, {}, 'hello');
			time += 40 * 60_000;
			await beginUpload(registry, 'app');
			assert.is((await askAsLearner(registry, 'GET', idle)).status, 404);
			assert.is((await askAsLearner(registry, 'GET', used)).status, 204);
			assert.is(listDrafts(folder).length, 2);
		});
	});
});

test('what is too large is refused, and the connection stays good', async () => {
	await withRegistry({ maxBlobSize: 1000 }, async (registry) => {
		const upload = await beginUpload(registry, 'app');
		const head = (method: string, path: string, length: number) =>
			`${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: ${mediaTypes.manifest}\r\nContent-Length: ${length}\r\n\r\n`;
		const large = 5 * 1024 * 1024;
		const text = await converse(registry, [
			head('PATCH', upload, large),
			Buffer.alloc(large),
			head('PUT', '/v2/app/manifests/1', large),
			Buffer.alloc(large),
			head('GET', '/v2/', 0).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
		]);
		assert.equal(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 413', 'HTTP/1.1 413', 'HTTP/1.1 200']);
		assert.match(
			text,
			'"code":"MANIFEST_INVALID","message":"manifest invalid","detail":"http: request body too large"',
		);
		assert.is((await askAsLearner(registry, 'GET', upload)).status, 404);
		await withClient(registry.url, (client) => client.pushImage(imageOf(Buffer.alloc(1000)), 'app', '1'));
	});
});

test('a client that reads slowly gets everything, and holds up nobody', async () => {
	await withFolder(async (folder) => {
		await withRegistry({ storage: { folder } }, async (registry) => {
			const image = imageOf(Buffer.alloc(8 * 1024 * 1024, 'x'));
			await withClient(registry.url, (client) => client.pushImage(image, 'app', '1'));
			const socket = net.connect(registry.port, '127.0.0.1');
			const { digest } = image.blobs[1]?.descriptor ?? { digest: '' };
			socket.write(
				`GET /v2/app/blobs/${digest} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
			);
			await once(socket, 'readable');
			assert.equal(await withClient(registry.url, (client) => client.pullImage('app', '1')), image);
			let length = 0;
			socket.on('data', (chunk) => {
				length += chunk.length;
			});
			await once(socket, 'close');
			assert.ok(length > 8 * 1024 * 1024);
		});
	});
});

test('two thousand requests of nonsense: each that was HTTP has an answer, and it still works', async () => {
	const errors: unknown[] = [];
	const onRequest = ({ error, status }: { error: unknown; status: number }) => {
		if (status >= 500) errors.push(error);
	};
	await withRegistry({ onRequest }, async (registry) => {
		const random = createRandom(4711);
		const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
		for (let round = 0; round < 100; round++) {
			const requests = Array.from({ length: 20 }, () => nonsense(pick));
			const last = 'GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
			const text = await converse(registry, [...requests, last]);
			assert.is(text.match(/^HTTP\/1\.1 \d{3} /gm)?.length, 21, requests.join('\n---\n'));
		}
		for (const raw of [
			'\0\0\0',
			'GET\r\n\r\n',
			'GET / HTTP/9.9\r\n\r\n',
			`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
		]) {
			assert.match(await converse(registry, [raw]), /^HTTP\/1\.1 4\d\d /);
		}
		const image = imageOf(Buffer.from('layer'));
		await withClient(registry.url, (client) => client.pushImage(image, 'app', '1'));
	});
	assert.equal(errors, []);
});

type Pick = <T>(from: readonly T[]) => T;

function nonsense(pick: Pick): string {
	const parts = [
		'a',
		'A',
		'..',
		'%2e%2e',
		'%',
		'%00',
		'%ff',
		'',
		'manifests',
		'blobs',
		'uploads',
		'tags/list',
		'__proto__',
	];
	const last = [
		'1',
		'sha256:0',
		digestOf('x'),
		`sha512:${'0'.repeat(128)}`,
		'constructor',
		'',
		'?n=1e9',
		'?digest=&digest=x',
		'?mount=%00&from=%ff',
	];
	const path = `/v2/${pick(parts)}/${pick(['manifests', 'blobs', 'blobs/uploads', 'referrers', 'tags/list', ...parts])}/${pick(last)}`;
	const body = pick(['', '{', 'null', '{"schemaVersion":2}', '\0'.repeat(99)]);
	const headers = [
		'Host: x',
		`Content-Length: ${Buffer.byteLength(body)}`,
		pick([`Authorization: ${authorization}`, `Authorization: ${authorization}`, 'Authorization: Basic \x80', 'X: y']),
		pick(['Range: bytes=-', 'Range: bytes=9-1', 'Content-Range: 0-0', 'Content-Range: x', 'If-None-Match: *,,"']),
		pick([
			`Content-Type: ${mediaTypes.manifest}`,
			`Content-Type: ${mediaTypes.index}`,
			'Content-Type: ;;;',
			'Accept: ,;,',
		]),
	];
	const method = pick(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']);
	return `${method} ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

/** Everything that comes back until the registry closes the connection. */
async function converse(registry: RunningRegistry, parts: readonly (string | Buffer)[]): Promise<string> {
	const socket = net.connect(registry.port, '127.0.0.1');
	const chunks: Buffer[] = [];
	socket.on('data', (chunk: Buffer) => chunks.push(chunk));
	socket.on('error', () => {});
	for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
	await once(socket, 'close');
	return Buffer.concat(chunks).toString('latin1');
}

/** The same numbers each time (mulberry32). */
function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

async function awaitBytes(registry: RunningRegistry, upload: string, count: number): Promise<void> {
	await until(async () => (await askAsLearner(registry, 'GET', upload)).headers['range'] === `0-${count - 1}`);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	for (const deadline = Date.now() + 10_000; !(await isSo()); await sleep(10)) {
		if (Date.now() > deadline) throw new Error('waited 10 s in vain');
	}
}

test.run();
