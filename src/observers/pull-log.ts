/** The requests that a registry answered. */

import type { PullLogFacts, PullLogQuery } from '../model/evidence.ts';
import type { PullRecord } from '../model/registry.ts';
import type { Access } from './access.ts';

/** A registry that is not of this environment has no log for us. */
export async function observePullLog({ registry: host }: PullLogQuery, access: Access): Promise<PullLogFacts> {
	const registry = access.registries.find((candidate) => candidate.host === host);
	const log = (await registry?.pullLog()) ?? null;
	return { log: log && { records: log.records.map(copyRecord), lostBefore: log.lostBefore } };
}

/** A registry may keep more than a check needs. */
function copyRecord({ time, method, repository, reference, status, client, userAgent }: PullRecord): PullRecord {
	return { time, method, repository, reference, status, client, userAgent };
}
