/** A watch on a connection of its own, of which nothing is read before somebody asks for it. */

import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Emulator } from '../../../../src/emulator/index.ts';

export type Server = Pick<Emulator, 'url' | 'certificates'>;

export interface Watch {
	/** Of the events that have been read. */
	revisions: number[];
	/** Begins to read. */
	read(): void;
	/** Resolves once `revision` has been read; rejects where the stream ends before. */
	reach(revision: number): Promise<void>;
	/** However it ended. */
	ended: Promise<void>;
	close(): void;
}

/** Resolves once the server has begun to answer. */
export async function openWatch(server: Server, path: string, accept = 'application/json'): Promise<Watch> {
	const { authority, admin } = server.certificates;
	const tls = { ca: authority.certificate, cert: admin.certificate, key: admin.key, agent: false };
	const request = https.get(`${server.url}${path}`, { ...tls, headers: { accept } });
	const response = await new Promise<IncomingMessage>((resolve, reject) => {
		request.once('response', resolve).once('error', reject);
	});
	// To be cut off in the middle is how some are meant to end.
	for (const part of [request, response]) part.on('error', () => {});
	const ended = new Promise<void>((resolve) => response.once('close', resolve));

	const revisions: number[] = [];
	let onEvent = () => {};
	const take = (line: string) => {
		revisions.push(readRevision(line));
		onEvent();
	};
	return {
		revisions,
		read: () => void splitLines(response, take),
		async reach(revision) {
			const reached = new Promise<void>((resolve) => {
				onEvent = () => (revisions.at(-1) ?? 0) >= revision && resolve();
				onEvent();
			});
			const early = ended.then(() => Promise.reject(new Error(`ended after ${revisions.at(-1)}, before ${revision}`)));
			await Promise.race([reached, early]);
		},
		ended,
		close: () => request.destroy(),
	};
}

function splitLines(response: IncomingMessage, take: (line: string) => void): void {
	let line: string[] = [];
	response.on('data', (chunk: Buffer) => {
		const [first = '', ...rest] = chunk.toString('latin1').split('\n');
		line.push(first);
		for (const next of rest) {
			take(line.join(''));
			line = [next];
		}
	});
}

/** Throws where the line is none of an object. */
function readRevision(line: string): number {
	const [, revision] = /^\{"type":"(?:ADDED|MODIFIED)",.*?"resourceVersion":"(\d+)"/.exec(line) ?? [];
	if (revision === undefined) throw new Error(`no event: ${line.slice(0, 300)}`);
	return Number(revision);
}
