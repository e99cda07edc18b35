/** Why a node cannot take a Pod, in the words of the scheduler's filters. */

import type { Node, Pod, Taint } from '../kubelet/pod.ts';
import type { NodeRequirement, NodeSelector, Toleration } from '../pod.ts';
import { toNanos } from '../validation/quantity.ts';
import { meets } from './label-selection.ts';
import { type NodeUsage, sumRequests } from './node-usage.ts';

export interface Obstacle {
	reason: string;
	/** It stays though other Pods were turned out. */
	isFinal: boolean;
}

/** The first filter that refuses decides; resources are all told of at once. */
export function findObstacles(pod: Pod, node: Node, usage: NodeUsage): Obstacle[] {
	const taints = node.spec?.taints ?? [];
	const unschedulable = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
	if (node.spec?.unschedulable && !isTolerated(unschedulable, pod.spec.tolerations))
		return refuse('node(s) were unschedulable');
	const untolerated = taints
		.filter(({ effect }) => effect !== 'PreferNoSchedule')
		.find((taint) => !isTolerated(taint, pod.spec.tolerations));
	if (untolerated) return refuse('node(s) had untolerated taint(s)');
	if (!isSelected(pod, node)) return refuse("node(s) didn't match Pod's node affinity/selector");
	return findShortages(pod, node, usage);
}

function refuse(reason: string): Obstacle[] {
	return [{ reason, isFinal: true }];
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[] = []): boolean {
	return tolerations.some(
		({ key, operator = 'Equal', value = '', effect }) =>
			(!effect || effect === taint.effect) &&
			(key ? key === taint.key : operator === 'Exists') &&
			(operator === 'Exists' || value === (taint.value ?? '')),
	);
}

export function isSelected({ spec }: Pod, node: Node): boolean {
	const labels = node.metadata.labels ?? {};
	const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
	return (
		Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
		(required === undefined || matchesTerms(required, node))
	);
}

/** One term is enough, and a term without requirements selects nothing. */
function matchesTerms({ nodeSelectorTerms = [] }: NodeSelector, { metadata }: Node): boolean {
	const all = (requirements: NodeRequirement[], values: Record<string, string>) =>
		requirements.every((requirement) => meets(values, requirement));
	return nodeSelectorTerms.some(
		({ matchExpressions = [], matchFields = [] }) =>
			matchExpressions.length + matchFields.length > 0 &&
			all(matchExpressions, metadata.labels ?? {}) &&
			all(matchFields, { 'metadata.name': metadata.name }),
	);
}

function findShortages(pod: Pod, node: Node, usage: NodeUsage): Obstacle[] {
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
}
