/** Which lab a command is about: the one that is named, else the one that is set up, else the first there is. */

import { UsageError } from '../model/error.ts';
import type { Lab } from '../model/lab.ts';
import type { Context } from './command.ts';

/** What a learner begins with. */
export const firstLab = 'pulling-from-private-registries';

export interface ChosenLab {
	lab: Lab;
	/** The environment in which it is set up; null: it is set up nowhere. */
	environment: string | null;
}

/** Reads files only. Throws UsageError for an unknown lab. */
export async function chooseLab(context: Context, given: string | undefined): Promise<ChosenLab> {
	const [{ readKnown }, { loadLab }] = await Promise.all([import('../session.ts'), import('../lab/index.ts')]);
	const { record } = await readAnyKnown();
	const id = given ?? record?.lab ?? firstLab;
	if (record === null || record.lab !== id) return { lab: await loadLab(id), environment: null };
	const { hosts, namespaces } = record;
	return { lab: await loadLab(id, { hosts, namespaces }), environment: record.name };

	/** Several environments are no trouble for someone who says which lab is meant. */
	async function readAnyKnown() {
		try {
			return await readKnown(context.name, context.env);
		} catch (error) {
			if (given === undefined || context.name !== undefined || !(error instanceof UsageError)) throw error;
			return { record: null };
		}
	}
}
