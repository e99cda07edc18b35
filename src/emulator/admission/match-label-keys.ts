/** `matchLabelKeys` and `mismatchLabelKeys` become requirements on the values that the Pod itself has. */

import type { Affinity, Pod, PodAffinity, PodAffinityTerm, PodSpec, Selector } from '../pod.ts';

export function mergeLabelKeys({ metadata: { labels = {} }, spec }: Pod): PodSpec {
	const { topologySpreadConstraints, affinity } = spec;
	return {
		...spec,
		...(topologySpreadConstraints && {
			topologySpreadConstraints: topologySpreadConstraints.map((constraint) => mergeKeys(constraint, labels)),
		}),
		...(affinity && { affinity: mergeAffinity(affinity, labels) }),
	};
}

type Labels = Record<string, string>;

function mergeAffinity(affinity: Affinity, labels: Labels): Affinity {
	const { podAffinity, podAntiAffinity } = affinity;
	return {
		...affinity,
		...(podAffinity && { podAffinity: mergeTerms(podAffinity, labels) }),
		...(podAntiAffinity && { podAntiAffinity: mergeTerms(podAntiAffinity, labels) }),
	};
}

function mergeTerms(affinity: PodAffinity, labels: Labels): PodAffinity {
	const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
	const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
	return {
		...affinity,
		...(required && {
			requiredDuringSchedulingIgnoredDuringExecution: required.map((term) => mergeKeys(term, labels)),
		}),
		...(preferred && {
			preferredDuringSchedulingIgnoredDuringExecution: preferred.map(({ podAffinityTerm, ...weighted }) => ({
				...weighted,
				...(podAffinityTerm && { podAffinityTerm: mergeKeys(podAffinityTerm, labels) }),
			})),
		}),
	};
}

type Keyed = Pick<PodAffinityTerm, 'labelSelector' | 'matchLabelKeys' | 'mismatchLabelKeys'>;

/** A selector that is not there selects nothing, and stays away. */
function mergeKeys<T extends Keyed>(keyed: T, labels: Labels): T {
	const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = keyed;
	const added = [...requireValues(matchLabelKeys, 'In', labels), ...requireValues(mismatchLabelKeys, 'NotIn', labels)];
	if (labelSelector === undefined || added.length === 0) return keyed;
	const selector: Selector = {
		...labelSelector,
		matchExpressions: [...(labelSelector.matchExpressions ?? []), ...added],
	};
	return { ...keyed, labelSelector: selector };
}

function requireValues(keys: readonly string[], operator: string, labels: Labels) {
	return keys.flatMap((key) => {
		const value = labels[key];
		return value === undefined ? [] : [{ key, operator, values: [value] }];
	});
}
