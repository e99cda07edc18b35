/** Takes an environment away: exactly what carries its mark, in whatever state it is. */

import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '../model/error.ts';
import type { Provider } from '../model/provider.ts';
import type { StateFolder } from './state-folder.ts';

export interface DownRequest {
	name: string;
	state: StateFolder;
	provider: Provider;
	/** Every registry that carries this environment's name, known to the state folder or not. */
	removeRegistries(signal: AbortSignal): Promise<string[]>;
	signal: AbortSignal;
}

/** What was removed, in a person's words; empty: there was nothing. The folder goes last, so that nothing is forgotten. */
export async function takeDown(request: DownRequest): Promise<string[]> {
	const { state, provider, signal } = request;
	const found = await provider.find(signal);
	const record = await state.readRecord();
	if (found.state === 'foreign' && record === null) throw notOurs(found.what);
	const label = 'label' in found ? found.label : record?.label;
	const [cluster, registries] = await Promise.allSettled([
		label !== undefined && found.state !== 'foreign' ? provider.remove(label, signal) : [],
		request.removeRegistries(signal),
	]);
	if (cluster.status === 'rejected') throw cluster.reason;
	if (registries.status === 'rejected') throw registries.reason;
	const removed = [...cluster.value, ...registries.value];
	if (await state.remove()) removed.push(`folder ${state.path}`);
	return removed;
}

/** The folders above go too once nothing is in them: a learner's progress keeps them. */
export async function removeEmptyFolders(state: StateFolder): Promise<void> {
	for (let folder = dirname(state.path), depth = 0; depth < 2; folder = dirname(folder), depth++) {
		await rmdir(folder).catch(() => {});
	}
}

function notOurs(what: string): LabError {
	return new LabError({
		code: 'not-ours',
		message: `There is a ${what} that kubeproctor did not make; it is left alone.`,
		remedy: 'Nothing of kubeproctor is there under this name.',
	});
}
