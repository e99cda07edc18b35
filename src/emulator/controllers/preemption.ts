/** Which Pods have to go for one of higher priority (pkg/scheduler/framework/plugins/defaultpreemption). */

import type { Node, Pod } from '../kubelet/pod.ts';
import type { Obstacle, Snapshot } from './filter.ts';
import { findRefusal } from './node-filters.ts';

export type Preemption = { node: string; victims: Pod[] } | { reasons: string[] };

export function priorityOf({ spec }: Pod): number {
	return spec.priority ?? 0;
}

/** `judged`: all nodes, with what stands against the Pod there. */
export function findVictims(
	pod: Pod,
	judged: readonly { node: Node; obstacles: readonly Obstacle[] }[],
	snapshot: Snapshot,
): Preemption {
	const reasons: string[] = [];
	for (const { node, obstacles } of judged) {
		if (obstacles.some(({ isFinal }) => isFinal)) {
			reasons.push('Preemption is not helpful for scheduling');
			continue;
		}
		const found = selectVictims(pod, node, snapshot);
		if ('victims' in found) return { node: node.metadata.name, victims: found.victims };
		reasons.push(...found.reasons);
	}
	return { reasons };
}

/** All who are less important go; then, the most important first, whoever leaves room comes back. */
function selectVictims(pod: Pod, node: Node, snapshot: Snapshot): { victims: Pod[] } | { reasons: string[] } {
	const lesser = [...snapshot.usage.podsOn(node.metadata.name)]
		.filter((other) => priorityOf(other) < priorityOf(pod))
		.sort(compareImportance);
	if (lesser.length === 0) return { reasons: ['No preemption victims found for incoming pod'] };
	const usage = snapshot.usage.copy();
	for (const other of lesser) usage.follow(other, true);
	const judge = () => findRefusal(pod, node, { ...snapshot, usage });
	const refusal = judge();
	if (refusal) return { reasons: refusal.obstacles.map(({ reason }) => reason) };
	const victims: Pod[] = [];
	for (const other of lesser) {
		usage.follow(other, false);
		if (judge() === null) continue;
		usage.follow(other, true);
		victims.push(other);
	}
	return { victims };
}

function compareImportance(one: Pod, other: Pod): number {
	const startOf = ({ status }: Pod) => status?.startTime ?? '~';
	return priorityOf(other) - priorityOf(one) || (startOf(one) < startOf(other) ? -1 : 1);
}

/** It is about to go, for a Pod of higher priority. */
export function isPreempted({ metadata, status }: Pod): boolean {
	return (
		metadata.deletionTimestamp !== undefined &&
		(status?.conditions ?? []).some(
			({ type, status: value, reason }) =>
				type === 'DisruptionTarget' && value === 'True' && reason === 'PreemptionByScheduler',
		)
	);
}
