/** Following a collection: nothing is missed, whatever the API server does with the watch. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { openCluster } from '../../src/kube/client.ts';
import { watchCollection } from '../../src/kube/watch-collection.ts';
import { LabError } from '../../src/model/error.ts';
import { suite } from '../harness.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

interface Scene {
	/** Answers in turn, the last one again and again: to reads of the revision, and to watches. */
	lists: Answer[];
	watches: Answer[];
	/** `list`, or `watch` and the revision that it begins at. */
	asked: string[];
	/** Names of what has changed; null: anything may have. */
	told: (string | null)[];
	/** Resolves once so many changes have been told. */
	hear(count: number): Promise<void>;
	start(): Promise<{ ready: Promise<void>; ended: Promise<never> }>;
	close(): Promise<void>;
}

const test = suite<{ scene: Scene }>('watching a collection');

test.before.each(async (context) => {
	context.scene = await openScene();
});
test.after.each(({ scene }) => scene.close());

async function openScene(): Promise<Scene> {
	const folder = await mkdtemp(join(tmpdir(), 'watch-'));
	const stop = new AbortController();
	let look = () => {};
	const server = http.createServer((request, response) => {
		const query = new URL(request.url ?? '', 'http://x').searchParams;
		const isWatch = query.has('watch');
		scene.asked.push(isWatch ? `watch ${query.get('resourceVersion')}` : 'list');
		const answers = isWatch ? scene.watches : scene.lists;
		const answer = answers.length > 1 ? answers.shift() : answers[0];
		answer?.(response, request);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const kubeconfig = join(folder, 'kubeconfig');
	await writeFile(
		kubeconfig,
		JSON.stringify({
			clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
			users: [{ name: 'u', user: { token: 't' } }],
			contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
		}),
	);
	const client = await openCluster({ kubeconfig, context: 'c' });
	const scene: Scene = {
		lists: [list('7')],
		watches: [hold],
		asked: [],
		told: [],
		hear: (count) =>
			new Promise((resolve) => {
				look = () => scene.told.length >= count && resolve();
				look();
			}),
		async start() {
			const watching = watchCollection(client, '/api/v1/namespaces/default/pods', {
				signal: stop.signal,
				onChange(name) {
					scene.told.push(name);
					look();
				},
			});
			watching.ended.catch(() => {});
			await watching.ready;
			return watching;
		},
		async close() {
			stop.abort(new Error('the test is over'));
			client.close();
			server.closeAllConnections();
			server.close();
			await rm(folder, { recursive: true });
		},
	};
	return scene;
}

const list =
	(resourceVersion: string): Answer =>
	(response) =>
		response.end(JSON.stringify({ kind: 'PodList', metadata: { resourceVersion }, items: [] }));

const refuse =
	(status: number): Answer =>
	(response) =>
		response.writeHead(status).end(JSON.stringify({ kind: 'Status', message: 'no', reason: 'Forbidden' }));

/** Open, and silent. */
const hold: Answer = (response) => response.writeHead(200).flushHeaders();

const event = (type: string, name: string, resourceVersion: string) =>
	`${JSON.stringify({ type, object: { metadata: { name, resourceVersion } } })}\n`;

test('tells the name of what has changed, also where an event comes in pieces', async ({ scene }) => {
	scene.watches = [
		(response) => {
			const text = event('ADDED', 'a', '8') + event('DELETED', 'b', '9');
			response.writeHead(200).write(text.slice(0, 20));
			setTimeout(() => response.write(text.slice(20)), 20);
		},
	];
	await scene.start();
	await scene.hear(2);
	assert.equal(scene.told, ['a', 'b']);
	assert.equal(scene.asked, ['list', 'watch 7']);
});

test('goes on where it was when the server ends the watch, a bookmark counting as much as a change', async ({
	scene,
}) => {
	scene.watches = [
		(response) => response.end(event('ADDED', 'a', '8') + event('BOOKMARK', '', '20')),
		(response) => response.writeHead(200).write(event('MODIFIED', 'a', '21')),
	];
	await scene.start();
	await scene.hear(2);
	assert.equal(scene.told, ['a', 'a']);
	assert.equal(scene.asked, ['list', 'watch 7', 'watch 20']);
});

test('says that anything may have changed where the server does not remember that far back', async ({ scene }) => {
	scene.lists = [list('7'), list('99')];
	scene.watches = [
		(response) => response.end(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410 } })}\n`),
		hold,
	];
	await scene.start();
	await scene.hear(1);
	await waitUntil(() => scene.asked.length === 4);
	assert.equal(scene.told, [null]);
	assert.equal(scene.asked, ['list', 'watch 7', 'list', 'watch 99']);
});

test('where no watch is allowed, it is ready all the same', async ({ scene }) => {
	scene.lists = [refuse(403)];
	await scene.start();
	assert.equal(scene.asked, ['list']);
});

test('ends with the loss of the cluster', async ({ scene }) => {
	scene.watches = [
		(response, request) => {
			response.writeHead(200).flushHeaders();
			setTimeout(() => request.socket.destroy(), 50);
		},
	];
	const { ended } = await scene.start();
	const error = await ended.catch((thrown: unknown) => thrown);
	assert.instance(error, LabError);
	assert.is((error as LabError).code, 'cluster-unreachable');
});

test.run();

async function waitUntil(isSo: () => boolean): Promise<void> {
	while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
