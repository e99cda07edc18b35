/** Plays scripts and says where a cluster answers otherwise than the one that was recorded. */

import { runInParallel } from './parallel.ts';
import { runScript, type Target } from './run-script.ts';
import type { Script } from './script.ts';
import { readGolden } from './shelf.ts';
import { describeDifference, readTranscript, renderTranscript } from './transcript.ts';

/** Null: every output is the same, but those that the script excepts on `cluster`. */
async function findDifference(script: Script, target: Target, cluster: string): Promise<string | null> {
	const text = await readGolden(script.name);
	if (text === null) return 'there is no golden transcript';
	const entries = await runScript(script, target);
	const expected = readTranscript(text, entries);
	const was = expected === null ? text : renderTranscript(expected, cluster);
	const is = renderTranscript(entries, cluster);
	return was === is ? null : describeDifference(was, is);
}

export interface PlayOptions {
	/** How many at a time. */
	jobs?: number;
	/** How often one is played until it shows no difference. */
	tries?: number;
}

/** Begins with all of them; gives back how to wait for one. What goes wrong is told as a difference. */
export function playAll(
	scripts: readonly Script[],
	target: Target,
	cluster: string,
	{ jobs = 2, tries = 1 }: PlayOptions = {},
): (script: Script) => Promise<string | null> {
	const played = new Map<string, (difference: string | null) => void>();
	const differences = new Map(
		scripts.map(({ name }) => [name, new Promise<string | null>((resolve) => played.set(name, resolve))]),
	);
	void runInParallel(scripts, jobs, async (script) => {
		let difference: string | null = '';
		for (let left = tries; left > 0 && difference !== null; left--) {
			difference = await findDifference(script, target, cluster).catch((error: unknown) => String(error));
		}
		played.get(script.name)?.(difference);
	});
	return async ({ name }) => (await differences.get(name)) ?? null;
}
