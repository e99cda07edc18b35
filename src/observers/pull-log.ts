/** The requests that a registry answered. */

import type { PullLogFacts, PullLogQuery } from '../model/evidence.ts';
import type { Access } from './access.ts';

/** A registry that is not of this environment has no log for us. */
export async function observePullLog({ registry: host }: PullLogQuery, access: Access): Promise<PullLogFacts> {
	const registry = access.registries.find((candidate) => candidate.host === host);
	return { log: (await registry?.pullLog()) ?? null };
}
