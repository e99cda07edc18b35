/** Plays a script and says where a cluster answers otherwise than the one that was recorded. */

import { runScript, type Target } from './run-script.ts';
import type { Script } from './script.ts';
import { readGolden } from './shelf.ts';
import { describeDifference, readTranscript, renderTranscript } from './transcript.ts';

/** Null: every output is the same, but those that the script excepts on `cluster`. */
export async function findDifference(script: Script, target: Target, cluster: string): Promise<string | null> {
	const text = await readGolden(script.name);
	if (text === null) return 'there is no golden transcript';
	const entries = await runScript(script, target);
	const expected = readTranscript(text, entries);
	const was = expected === null ? text : renderTranscript(expected, cluster);
	const is = renderTranscript(entries, cluster);
	return was === is ? null : describeDifference(was, is);
}
