/** How long a Pod may still be active (`activeDeadlineSeconds`). */

import type { Pod } from './pod.ts';

/** Milliseconds; null: there is no deadline. */
export function findTimeToDeadline({ spec, status }: Pod, now: Date): number | null {
	const { activeDeadlineSeconds } = spec;
	const since = Date.parse(status.startTime ?? '');
	if (activeDeadlineSeconds === undefined || Number.isNaN(since)) return null;
	return Math.max(0, since + activeDeadlineSeconds * 1000 - now.getTime());
}
