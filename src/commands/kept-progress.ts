/** Where a command writes down what the learner has done. */

import type { ProgressFile } from '../learning/progress.ts';
import type { Report } from '../model/report.ts';
import type { Context } from './command.ts';

export async function openProgressFile({ env, say }: Pick<Context, 'env' | 'say'>): Promise<ProgressFile> {
	const [{ findHome }, { ProgressFile }] = await Promise.all([
		import('../session.ts'),
		import('../learning/progress.ts'),
	]);
	return new ProgressFile(findHome(env), say);
}

/** Returns the ids of the tasks that passed for the first time. */
export async function keepReport(context: Pick<Context, 'env' | 'say'>, report: Report): Promise<string[]> {
	const [file, { noteReport }] = await Promise.all([openProgressFile(context), import('../learning/progress.ts')]);
	return file.change((learned) => noteReport(learned, report, new Date()));
}
