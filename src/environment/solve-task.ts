/** Applies the reference answer of a task. */

import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Work } from '../model/provider.ts';
import { Applier } from './apply.ts';
import type { Names } from './place.ts';
import { deleteObjects } from './reset-tasks.ts';
import { findObjects, nameObject, readSolution } from './task-objects.ts';

/** Names of what is there already and is made anew or changed by it; looks only. */
export async function listSolved(
	client: KubeClient,
	{ lab, task, names }: { lab: Lab; task: Task; names: Names },
	signal: AbortSignal,
): Promise<string[]> {
	return (await findObjects(client, await readSolution(lab, task, names), signal)).map(nameObject);
}

/** Resolves to what was applied, in a person's words. A Pod, and what refuses to be changed, is made anew. */
export async function solveTask(
	client: KubeClient,
	{ lab, task, names }: { lab: Lab; task: Task; names: Names },
	work: Work,
): Promise<string[]> {
	const objects = await readSolution(lab, task, names);
	const applier = new Applier(client, work.signal);
	for (const object of objects) {
		const remove = async () => deleteObjects(client, await findObjects(client, [object], work.signal), work);
		if (object.kind === 'Pod') await remove();
		try {
			await applier.apply(object);
		} catch (error) {
			if (!(error instanceof KubeError && error.status === 422)) throw error;
			await remove();
			await applier.apply(object);
		}
	}
	return objects.map(nameObject);
}
