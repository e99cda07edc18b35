/** Pods that are to be spread evenly (pkg/scheduler/framework/plugins/podtopologyspread). */

import type { Node, Pod } from '../kubelet/pod.ts';
import { selects } from '../label-selection.ts';
import type { SpreadConstraint } from '../pod.ts';
import type { Filter, Obstacle, Snapshot } from './filter.ts';
import { isSelected, isTaintTolerated } from './node-selection.ts';

const reason = "node(s) didn't match pod topology spread constraints";

export const topologySpread: Filter = {
	readsTaints: true,
	judge(pod, node, snapshot) {
		const constraints = constraintsOf(pod);
		for (const constraint of constraints) {
			const domain = node.metadata.labels?.[constraint.topologyKey ?? ''];
			if (domain === undefined) return [{ reason: `${reason} (missing required label)`, isFinal: true }];
			const obstacle = judgeSkew(pod, domain, constraint, countPods(pod, constraint, constraints, snapshot));
			if (obstacle) return [obstacle];
		}
		return [];
	},
	isHelpedBy(pod, { before, after }) {
		const isInvolved = (other: Pod | null, { labelSelector }: SpreadConstraint) =>
			other?.metadata.namespace === pod.metadata.namespace && selects(labelSelector, other?.metadata.labels);
		return constraintsOf(pod).some((one) => isInvolved(before, one) !== isInvolved(after, one));
	},
};

function constraintsOf({ spec }: Pod): SpreadConstraint[] {
	return (spec.topologySpreadConstraints ?? []).filter(
		({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
	);
}

/** With fewer domains than there have to be, the emptiest is one that is not there. */
function judgeSkew(
	{ metadata }: Pod,
	domain: string,
	{ maxSkew = 1, minDomains = 1, labelSelector }: SpreadConstraint,
	counts: ReadonlyMap<string, number>,
): Obstacle | null {
	const fewest = counts.size < minDomains ? 0 : Math.min(...counts.values());
	const own = selects(labelSelector, metadata.labels) ? 1 : 0;
	return (counts.get(domain) ?? 0) + own - fewest > maxSkew ? { reason, isFinal: false } : null;
}

/** By domain, on the nodes that count: those with every constraint's label which the Pod could be on. */
function countPods(
	pod: Pod,
	constraint: SpreadConstraint,
	all: readonly SpreadConstraint[],
	{ nodes, usage }: Snapshot,
): Map<string, number> {
	const { topologyKey = '', labelSelector = {} } = constraint;
	const isEmpty = !Object.keys(labelSelector.matchLabels ?? {}).length && !labelSelector.matchExpressions?.length;
	const counts = new Map<string, number>();
	for (const node of nodes) {
		const { name, labels = {} } = node.metadata;
		if (all.some(({ topologyKey: key = '' }) => labels[key] === undefined) || !isCounted(pod, node, constraint))
			continue;
		const matching = [...usage.podsOn(name)].filter(
			({ metadata }) =>
				metadata.namespace === pod.metadata.namespace &&
				metadata.deletionTimestamp === undefined &&
				selects(labelSelector, metadata.labels),
		);
		const domain = labels[topologyKey] ?? '';
		counts.set(domain, (counts.get(domain) ?? 0) + (isEmpty ? 0 : matching.length));
	}
	return counts;
}

function isCounted(pod: Pod, node: Node, { nodeAffinityPolicy, nodeTaintsPolicy }: SpreadConstraint): boolean {
	return (
		(nodeAffinityPolicy === 'Ignore' || isSelected(pod, node)) &&
		(nodeTaintsPolicy !== 'Honor' || isTaintTolerated(pod, node))
	);
}
