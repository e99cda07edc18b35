/** The scheduler's filters, in the order in which they are asked. */

import type { Node, Pod } from '../kubelet/pod.ts';
import type { Filter, Obstacle, Snapshot } from './filter.ts';
import { hostPorts } from './host-ports.ts';
import { resources } from './node-resources.ts';
import { cordon, nodeAffinity, taints } from './node-selection.ts';
import { podAffinity } from './pod-affinity.ts';
import { topologySpread } from './topology-spread.ts';

const filters: readonly Filter[] = [cordon, taints, nodeAffinity, hostPorts, resources, topologySpread, podAffinity];

export interface Refusal {
	filter: Filter;
	obstacles: Obstacle[];
}

/** The first filter that refuses decides; null: none does. */
export function findRefusal(pod: Pod, node: Node, snapshot: Snapshot): Refusal | null {
	for (const filter of filters) {
		const obstacles = filter.judge(pod, node, snapshot);
		if (obstacles.length > 0) return { filter, obstacles };
	}
	return null;
}
