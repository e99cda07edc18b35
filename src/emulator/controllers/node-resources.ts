/** Room for a Pod on a node: processors, memory, and how many Pods there may be. */

import { toNanos } from '../validation/quantity.ts';
import type { Filter, Obstacle } from './filter.ts';
import { sumRequests } from './node-usage.ts';

/** Tells of all shortages at once. */
export const resources: Filter = {
	judge(pod, node, { usage }) {
		const { name } = node.metadata;
		const allocatable = node.status?.allocatable ?? {};
		const shortages: Obstacle[] = [];
		if (usage.countPods(name) >= Number(allocatable.pods ?? 0))
			shortages.push({ reason: 'Too many pods', isFinal: false });
		const used = usage.sumOf(name);
		for (const [resource, amount] of Object.entries(sumRequests(pod))) {
			const all = toNanos(allocatable[resource]);
			if (amount === 0n || amount + (used[resource] ?? 0n) <= all) continue;
			shortages.push({ reason: `Insufficient ${resource}`, isFinal: amount > all });
		}
		return shortages;
	},
	isHelpedBy: (_pod, { after }) => after === null,
};
