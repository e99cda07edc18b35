/** Keeps what programs under test have written, for the runner to look through. */

import { appendFileSync } from 'node:fs';
import path from 'node:path';

/** Env variable that names the folder; without it nothing is kept. */
export const streamsVariable = 'TEST_STREAMS';

/** `credentials --password` is asked for a password, and prints one. */
export function keepStreams(args: readonly string[], ...texts: string[]): void {
	const folder = process.env[streamsVariable];
	if (folder === undefined || args.includes('--password')) return;
	appendFileSync(path.join(folder, `${process.pid}.txt`), `$ ${args.join(' ')}\n${texts.join('\n')}\n`);
}
