/** The copy of a registry's log that outlives its container. */

import type { RegistryRecord } from '../model/environment.ts';
import type { PullLog } from '../model/registry.ts';
import { parsePullLog, selectPullLines } from '../oci/pull-log.ts';
import type { StateFolder } from './state-folder.ts';

/** Adds what is new in `text` to the copy; resolves to the whole of it. */
export async function mergeLog(state: StateFolder, container: string, text: string): Promise<string> {
	const file = `${container}.log`;
	const kept = (await state.read(file)) ?? '';
	const known = new Set(kept.split('\n'));
	const added = selectPullLines(text).filter((line) => !known.has(line));
	if (added.length === 0) return kept;
	const whole = `${kept}${added.join('\n')}\n`;
	await state.write(file, whole);
	return whole;
}

/** `text` null: the container is gone, and with it whatever it wrote after we last looked. */
export async function readPullLog(
	state: StateFolder,
	registry: RegistryRecord,
	container: string,
	text: string | null,
): Promise<PullLog> {
	const whole = await mergeLog(state, container, text ?? '');
	const lostBefore = text === null ? new Date().toISOString() : registry.lostBefore;
	return { records: parsePullLog(whole), lostBefore };
}
