/** Kills a cluster under writes, again and again, and compares what it has then with what it had acknowledged. */

import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { makeCertificates } from '../../../src/emulator/tls/certificates.ts';
import { type Client, openClient } from '../api/requests.ts';
import { forkCluster } from './fork.ts';
import { until } from './until.ts';

/** What was last heard of an object: its resourceVersion, or that it is gone. */
type Heard = string | 'gone';

interface Writer {
	/** By path. */
	acknowledged: Map<string, Heard>;
	/** The path of the write that was not answered any more. */
	open: string | null;
}

const base = '/api/v1/namespaces/default';
const writers = 4;

export interface Tally {
	acknowledged: number;
	/** Kills that came while a write was under way. */
	interrupted: number;
}

/** Throws where something acknowledged is lost. */
export async function killAgainAndAgain(journal: string, kills: number): Promise<Tally> {
	const certificates = await makeCertificates(new Date());
	const known = new Map<string, Heard>();
	const tally: Tally = { acknowledged: 0, interrupted: 0 };
	for (let round = 0; round <= kills; round++) {
		const cluster = await forkCluster(journal, certificates);
		const client = openClient({ url: cluster.url, certificates });
		const doubtful = await compare(client, known);
		for (const [path, heard] of doubtful) known.set(path, heard);
		if (round < kills) {
			const all: Writer[] = Array.from({ length: writers }, () => ({ acknowledged: new Map(), open: null }));
			const ended = Promise.all(all.map((writer, index) => write(client, writer, `r${round}-w${index}`, known)));
			const least = 10 + Math.random() * 40;
			const count = () => all.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
			// However slow the machine is, so much is done in the meantime.
			await Promise.race([ended, until(() => count() >= least)]);
			await sleep(Math.random() * 20);
			await cluster.kill();
			await ended;
			for (const { acknowledged, open } of all) {
				tally.acknowledged += acknowledged.size;
				for (const [path, heard] of acknowledged) known.set(path, heard);
				// Whether that one was kept, nobody has been told.
				if (open !== null) known.delete(open);
				if (open !== null) tally.interrupted += 1;
			}
			if (round % 5 === 4) tearLastLine(journal);
		} else await cluster.kill();
		client.close();
	}
	return tally;
}

/** Creates, changes and deletes, one after the other, until nobody answers. */
async function write(client: Client, writer: Writer, prefix: string, known: ReadonlyMap<string, Heard>): Promise<void> {
	const old = [...known].filter(([, heard]) => heard !== 'gone').map(([path]) => path);
	for (let count = 0; ; count++) {
		const name = `${prefix}-${count}`;
		const type = count % 2 === 0 ? 'configmaps' : 'secrets';
		const path = `${base}/${type}/${name}`;
		const ask = (to: string, method: string, body?: unknown) =>
			client.ask(to, {
				method,
				...(body !== undefined && { body }),
				headers: method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {},
			});
		try {
			writer.open = path;
			const made = await ask(`${base}/${type}`, 'POST', { metadata: { name }, data: { a: 'YWJj'.repeat(count % 50) } });
			assert.is(made.status, 201, made.text);
			writer.acknowledged.set(path, made.body.metadata.resourceVersion);
			if (count % 3 === 1) {
				const changed = await ask(path, 'PATCH', { metadata: { labels: { count: String(count) } } });
				assert.is(changed.status, 200, changed.text);
				writer.acknowledged.set(path, changed.body.metadata.resourceVersion);
			}
			const victim = count % 3 === 2 ? (old.pop() ?? path) : null;
			// Another writer may have been faster.
			if (victim?.startsWith(base) && Number(prefix.slice(-1)) === old.length % writers) {
				writer.open = victim;
				const { status, text } = await ask(victim, 'DELETE');
				assert.ok(status === 200 || status === 404, text);
				writer.acknowledged.set(victim, 'gone');
			}
			writer.open = null;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === undefined || error instanceof assert.Assertion) throw error;
			return;
		}
	}
}

/** Gives back what is there beyond what is known. */
async function compare(client: Client, known: ReadonlyMap<string, Heard>): Promise<Map<string, Heard>> {
	const found = new Map<string, Heard>();
	for (const type of ['configmaps', 'secrets']) {
		const { body } = await client.ask(`${base}/${type}`);
		for (const { metadata } of body.items) {
			// What belongs to the cluster it makes again by itself.
			if (/^r\d+-w/.test(metadata.name)) found.set(`${base}/${type}/${metadata.name}`, metadata.resourceVersion);
		}
	}
	for (const [path, heard] of known) assert.is(found.get(path) ?? 'gone', heard, path);
	return found;
}

/** As a power cut leaves it where the last write was not whole. */
function tearLastLine(journal: string): void {
	const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
	const last = lines.at(-1) ?? '';
	appendFileSync(journal, last.slice(0, 1 + Math.floor(Math.random() * (last.length - 1))));
}
