/** Which nodes a Pod may be on at all: cordons, taints, node selectors and node affinity. */

import type { Node, Pod, Taint } from '../kubelet/pod.ts';
import { meets } from '../label-selection.ts';
import type { NodeRequirement, NodeSelector, Toleration } from '../pod.ts';
import type { Filter, Obstacle } from './filter.ts';

/** Of a node that is cordoned. */
export const cordonTaint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export const cordon: Filter = {
	readsTaints: true,
	judge: (pod, { spec }) =>
		spec?.unschedulable && !isTolerated(cordonTaint, pod.spec.tolerations) ? refuse('node(s) were unschedulable') : [],
};

export const taints: Filter = {
	readsTaints: true,
	judge: (pod, node) => (isTaintTolerated(pod, node) ? [] : refuse('node(s) had untolerated taint(s)')),
};

export const nodeAffinity: Filter = {
	judge: (pod, node) => (isSelected(pod, node) ? [] : refuse("node(s) didn't match Pod's node affinity/selector")),
};

function refuse(reason: string): Obstacle[] {
	return [{ reason, isFinal: true }];
}

/** Whether no taint keeps the Pod from being placed there. */
export function isTaintTolerated(pod: Pod, { spec }: Node): boolean {
	return (spec?.taints ?? []).every(
		(taint) => taint.effect === 'PreferNoSchedule' || isTolerated(taint, pod.spec.tolerations),
	);
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[] = []): boolean {
	return tolerations.some((toleration) => tolerates(toleration, taint));
}

export function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
	return (
		(!effect || effect === taint.effect) &&
		(key ? key === taint.key : operator === 'Exists') &&
		(operator === 'Exists' || value === (taint.value ?? ''))
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
