/** Whether kind can work on this machine at all, for whoever has a choice. */

import type { Problem } from '../model/error.ts';
import { findEngine } from './engine.ts';
import { checkMachine } from './machine.ts';

/** Null: an engine and kind answer. What else may be wrong is told when kind is used. */
export async function findKindProblem(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Problem | null> {
	const { problems } = await checkMachine(await findEngine(env, signal), 0, signal);
	return problems.find(({ code }) => /^(kind|engine)-/.test(code)) ?? null;
}
