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

test.run();
