import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import v8 from 'node:v8';
import vm from 'node:vm';
import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { type Server, startServer } from './requests.ts';

const test = suite('watch');
const maps = '/api/v1/namespaces/default/configmaps';
let server: Server;

test.before(async () => {
	server = await startServer();
});
test.after(() => server.stop());

async function make(name: string, labels: Record<string, string> = {}): Promise<void> {
	const { status } = await server.ask(maps, { body: { metadata: { name, labels } } });
	assert.is(status, 201);
}

function relabel(name: string, labels: Record<string, string>) {
	const headers = { 'content-type': 'application/merge-patch+json' };
	return server.ask(`${maps}/${name}`, { method: 'PATCH', body: { metadata: { labels } }, headers });
}

/** `ADDED name`, until there are so many. */
async function collect(query: string, count: number, act: () => Promise<unknown> = async () => {}): Promise<string[]> {
	const events: string[] = [];
	const followed = server.follow(`${maps}?watch=1&${query}`, ({ type, object }) => {
		const { name } = object['metadata'] as { name?: string };
		events.push(name === undefined ? type : `${type} ${name}`);
		return events.length === count;
	});
	await Promise.all([followed, act()]);
	return events;
}

test('from nowhere begins with what is there', async () => {
	await make('first');
	const events = await collect('fieldSelector=metadata.name%3Dfirst', 2, () => relabel('first', { a: 'b' }));
	assert.equal(events, ['ADDED first', 'MODIFIED first']);
});

test('from a revision tells what has happened since', async () => {
	const { body } = await server.ask(maps);
	await make('second');
	await server.ask(`${maps}/second`, { method: 'DELETE' });
	const events = await collect(`resourceVersion=${body.metadata.resourceVersion}`, 2);
	assert.equal(events, ['ADDED second', 'DELETED second']);
});

test('as a list ends its beginning with a bookmark', async () => {
	const query =
		'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=no%3Dbody';
	let bookmark: Record<string, unknown> = {};
	await server.follow(`${maps}?watch=1&${query}`, ({ type, object }) => {
		bookmark = { type, ...object };
		return true;
	});
	const { type, kind, metadata } = bookmark as { type: string; kind: string; metadata: { annotations: object } };
	assert.is(type, 'BOOKMARK');
	assert.is(kind, 'ConfigMap');
	assert.equal(metadata.annotations, { 'k8s.io/initial-events-end': 'true' });
});

test('says before it ends where it stands, to who asks for bookmarks', async () => {
	const types: string[] = [];
	let revision = '';
	await server.follow(`${maps}?watch=1&allowWatchBookmarks=true&timeoutSeconds=3&labelSelector=no%3Dbody`, (event) => {
		types.push(event.type);
		revision = (event.object['metadata'] as { resourceVersion: string }).resourceVersion;
		return false;
	});
	assert.equal(types, ['BOOKMARK']);
	const { body } = await server.ask(`${maps}?labelSelector=no%3Dbody`);
	assert.is(body.metadata.resourceVersion, revision);
	assert.equal(await collect('timeoutSeconds=2&labelSelector=no%3Dbody', 1), []);
});

test('with a selector sees objects come and go as they come to match it', async () => {
	const { body } = await server.ask(maps);
	await make('third');
	await relabel('third', { app: 'web' });
	await relabel('third', { other: 'x' });
	await relabel('third', { app: 'db' });
	const query = `labelSelector=app%3Dweb&resourceVersion=${body.metadata.resourceVersion}`;
	assert.equal(await collect(query, 3), ['ADDED third', 'MODIFIED third', 'DELETED third']);
});

test('ends after the time that was asked for', async () => {
	const begin = Date.now();
	const { status } = await server.ask(`${maps}?watch=1&timeoutSeconds=1`);
	assert.is(status, 200);
	assert.ok(Date.now() - begin < 5000);
});

test('reaches two hundred watchers', async () => {
	const followers = Array.from({ length: 200 }, () => collect('fieldSelector=metadata.name%3Dcrowd', 1));
	await new Promise((resolve) => setTimeout(resolve, 500));
	await make('crowd');
	const seen = await Promise.all(followers);
	assert.ok(seen.every(([event]) => event === 'ADDED crowd'));
});

/** A request for a watch that is never read; resolves once it has begun. */
function openWatch(query: string): Promise<IncomingMessage> {
	const { url, certificates } = server.emulator;
	const { certificate: cert, key } = certificates.admin;
	const options = { agent: false as const, ca: certificates.authority.certificate, cert, key };
	return new Promise((resolve, reject) => {
		https.get(`${url}${maps}?watch=1&${query}`, options, resolve).once('error', reject);
	});
}

/** Until there are so many bytes, or no more come. */
function readOn(reader: IncomingMessage, wanted: number): Promise<'whole' | 'cut off'> {
	let length = 0;
	return new Promise((resolve) => {
		reader.on('error', () => {}).once('close', () => resolve('cut off'));
		reader.on('data', (chunk: Buffer) => {
			length += chunk.length;
			if (length >= wanted) resolve('whole');
		});
	});
}

function enlarge(name: string, text: string) {
	const headers = { 'content-type': 'application/merge-patch+json' };
	return server.ask(`${maps}/${name}`, { method: 'PATCH', body: { data: { text } }, headers });
}

test('who does not read is cut off once all that is unread is too much, and who reads is not', async () => {
	await make('large');
	const query = `fieldSelector=metadata.name%3Dlarge&resourceVersion=${(await server.ask(maps)).body.metadata.resourceVersion}`;
	const slow = await Promise.all(Array.from({ length: 20 }, () => openWatch(query)));
	let read = 0;
	const writes = 15;
	const size = 1_000_000;
	const reading = server.follow(`${maps}?watch=1&${query}`, () => ++read === writes);
	// No slow reader has 16 MiB to read, which would be too much for one.
	for (let count = 0; count < writes; count++) await enlarge('large', String(count % 10).repeat(size));
	await reading;
	assert.is(read, writes);
	const ends = await Promise.all(slow.map((reader) => readOn(reader, writes * size)));
	const cut = ends.filter((end) => end === 'cut off').length;
	assert.ok(cut > 0 && cut < slow.length, `${cut} of ${slow.length}`);
	for (const reader of slow) reader.destroy();
});

test('from a revision whose large changes are forgotten is told that it is gone', async () => {
	await make('larger');
	const { body } = await server.ask(maps);
	for (let count = 0; count < 40; count++) await enlarge('larger', String(count % 10).repeat(1_000_000));
	let error: Record<string, unknown> = {};
	await server.follow(`${maps}?watch=1&resourceVersion=${body.metadata.resourceVersion}`, ({ type, object }) => {
		error = { type, ...object };
		return true;
	});
	assert.is(error['type'], 'ERROR');
	assert.is(error['code'], 410);
	assert.is(error['reason'], 'Expired');
});

test('does not hold on to the beginning that it has sent', async () => {
	v8.setFlagsFromString('--expose-gc');
	const collectGarbage = vm.runInNewContext('gc') as () => void;
	await make('held');
	await enlarge('held', 'x'.repeat(1_000_000));
	const open = async () => {
		const watch = await openWatch(
			'fieldSelector=metadata.name%3Dheld&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
		);
		await new Promise<void>((resolve) => {
			let length = 0;
			watch.on('data', (chunk: Buffer) => {
				length += chunk.length;
				if (length > 1_000_000) resolve();
			});
		});
		return watch;
	};
	const watches = [await open()];
	collectGarbage();
	const before = process.memoryUsage().heapUsed;
	for (let count = 0; count < 20; count++) watches.push(await open());
	collectGarbage();
	const held = process.memoryUsage().heapUsed - before;
	for (const watch of watches) watch.destroy();
	assert.ok(held < 10_000_000, `${held} bytes`);
});

test.run();
