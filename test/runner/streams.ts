/** Keeps what the program under test writes, however a test starts it, for the runner to look through. */

import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';

/** Env variable that names the folder; without it nothing is kept. */
export const streamsVariable = 'TEST_STREAMS';

/** From now on, in this process. What kubectl and others print is not kept: a Secret is theirs to show. */
export function watchStreams(): void {
	if (process.env[streamsVariable] === undefined) return;
	subscribe('child_process', (message) => {
		const { process: child } = message as { process: ChildProcess };
		child.once('spawn', () => {
			if (!/\bcli\.js\b/.test(child.spawnargs.join(' '))) return;
			for (const stream of [child.stdout, child.stderr]) if (stream !== null) tap(stream, child.spawnargs);
		});
	});
}

/** Whoever reads it goes on reading it as they like. */
function tap(stream: Readable, args: readonly string[]): void {
	const texts: Buffer[] = [];
	const push = stream.push;
	stream.push = (chunk, ...rest) => {
		if (chunk === null) keepStream(args, Buffer.concat(texts).toString());
		else texts.push(Buffer.from(chunk));
		return push.call(stream, chunk, ...rest);
	};
}

/** `credentials --password` is asked for a password, and prints one. */
export function keepStream(args: readonly string[], text: string): void {
	const folder = process.env[streamsVariable];
	const line = args.join(' ');
	if (folder === undefined || /(^|\s)--password(\s|$)/.test(line)) return;
	appendFileSync(path.join(folder, `${process.pid}.txt`), `$ ${line}\n${text}\n`);
}
