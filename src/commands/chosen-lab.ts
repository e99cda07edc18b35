/** Which lab a command is about: the one that is named, else the one that is set up, else the first there is. */

import type { Context } from './command.ts';

/** What a learner begins with. */
export const firstLab = 'pulling-from-private-registries';

/** Where its files are; it has not been read. */
export interface ChosenFolder {
	id: string;
	/** Absolute path. */
	folder: string;
}

/** Reads what is written down, and no lab. Throws UsageError for an unknown one. */
export async function chooseLabFolder(context: Context, given: string | undefined): Promise<ChosenFolder> {
	const [{ readKnown }, { findLabFolder }] = await Promise.all([import('../session.ts'), import('../lab/shelf.ts')]);
	const id = given ?? (await readKnown(context.name, context.env)).record?.lab ?? firstLab;
	return { id, folder: await findLabFolder(id) };
}
