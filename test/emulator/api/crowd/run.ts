/** A crowd of watchers, some of which never read, and a stream of large writes: nobody has to wait for anybody else. */

import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { Client } from '../requests.ts';
import { openWatch, type Server, type Watch } from './follow.ts';
import { type View, views, type Written } from './views.ts';

export interface Crowd {
	/** How many read everything, by what they watch. */
	watchers: Record<keyof typeof views, number>;
	/** How many read nothing while there is something to read. */
	slow: number;
	/** Of each kind. */
	writes: number;
	/** How large each ConfigMap is. */
	bytes: number;
}

/** Milliseconds that requests of others took meanwhile. */
export interface Waits {
	median: number;
	worst: number;
}

const namespace = '/api/v1/namespaces/default';
/** So many objects of a kind are written over and over. */
const names = 10;

/** Throws where a watcher has not seen every change in order, or one that never read has not been let go. */
export async function runCrowd(server: Server, client: Pick<Client, 'ask'>, crowd: Crowd): Promise<Waits> {
	const { body } = await client.ask(`${namespace}/configmaps`);
	const begin = Number(body.metadata.resourceVersion);
	const open = ({ path, accept }: View, from = begin) => openWatch(server, `${path}&resourceVersion=${from}`, accept);
	const openAll = (view: View, count: number) => Promise.all(Array.from({ length: count }, () => open(view)));

	const slow = await openAll(views.whole, crowd.slow);
	const healthy: [View, Watch][] = [];
	for (const [name, count] of Object.entries(crowd.watchers)) {
		const view = views[name as keyof typeof views];
		for (const watch of await openAll(view, count)) healthy.push([view, watch]);
	}
	for (const [, watch] of healthy) watch.read();

	const writing = writeAll(client, crowd);
	const waits = await probe(client, writing);
	const written = await writing;
	for (const [view, watch] of healthy) {
		const expected = written.filter(view.sees).map(({ revision }) => revision);
		await watch.reach(expected.at(-1) as number);
		assert.equal(watch.revisions, expected, view.path);
		watch.close();
	}
	const expected = written.filter(views.whole.sees).map(({ revision }) => revision);
	for (const watch of slow) await comeBack(watch, expected, (from) => open(views.whole, from));
	return waits;
}

async function writeAll({ ask }: Pick<Client, 'ask'>, { writes, bytes }: Crowd): Promise<Written[]> {
	const written: Written[] = [];
	for (let at = 0; at < writes; at++) {
		const name = `n${at % names}`;
		const group = at % 2 === 0 ? 'a' : 'b';
		const metadata = { name, labels: { group } };
		for (const type of ['configmaps', 'secrets'] as const) {
			const size = type === 'configmaps' ? bytes : 10;
			const wish = {
				body: { metadata, [type === 'secrets' ? 'stringData' : 'data']: { text: String(at).padEnd(size, 'x') } },
			};
			const path = `${namespace}/${type}`;
			const reply = at < names ? await ask(path, wish) : await ask(`${path}/${name}`, { ...wish, method: 'PUT' });
			assert.is(reply.status, at < names ? 201 : 200);
			written.push({ type, name, group, revision: Number(reply.body.metadata.resourceVersion) });
		}
	}
	return written;
}

async function probe({ ask }: Pick<Client, 'ask'>, until: Promise<unknown>): Promise<Waits> {
	let isDone = false;
	const stop = () => {
		isDone = true;
	};
	until.then(stop, stop);
	const waits: number[] = [];
	while (!isDone) {
		const begin = performance.now();
		const { status } = await ask('/api/v1/namespaces/kube-system');
		assert.is(status, 200);
		waits.push(performance.now() - begin);
		await sleep(5);
	}
	waits.sort((a, b) => a - b);
	return { median: waits[waits.length >> 1] as number, worst: waits.at(-1) as number };
}

/** Whoever was let go goes on after the last thing that it has heard of, and has then missed nothing. */
async function comeBack(watch: Watch, expected: number[], open: (from?: number) => Promise<Watch>): Promise<void> {
	watch.read();
	await watch.ended;
	const first = watch.revisions;
	assert.ok(first.length < expected.length, 'one that never read has been kept');
	const second = await open(first.at(-1));
	second.read();
	await second.reach(expected.at(-1) as number);
	second.close();
	assert.equal([...first, ...second.revisions], expected);
}
