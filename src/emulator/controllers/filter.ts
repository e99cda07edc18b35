/** What the scheduler's filters have in common: what they look at, and what they say of a node. */

import type { Node, Pod } from '../kubelet/pod.ts';
import type { Labels } from '../label-selection.ts';
import type { NodeUsage, PodChange } from './node-usage.ts';

export interface Snapshot {
	nodes: readonly Node[];
	usage: NodeUsage;
	labelsOfNamespace(name: string): Labels;
}

export interface Obstacle {
	reason: string;
	/** It stays though other Pods were turned out. */
	isFinal: boolean;
}

export interface Filter {
	/** Nothing: the node can take the Pod. */
	judge(pod: Pod, node: Node, snapshot: Snapshot): Obstacle[];
	/** Whether taints are its business. Whom another filter refused is tried again after every change of taints. */
	readsTaints?: true;
	/** Whether a Pod that it refused may fit after that; default: only what changes a node helps. */
	isHelpedBy?(pod: Pod, change: PodChange, snapshot: Snapshot): boolean;
}
