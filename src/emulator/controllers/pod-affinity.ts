/** Pods that want to be near others, or away from them (pkg/scheduler/framework/plugins/interpodaffinity). */

import type { Node, Pod } from '../kubelet/pod.ts';
import { selects } from '../label-selection.ts';
import type { PodAffinityTerm } from '../pod.ts';
import type { Filter, Snapshot } from './filter.ts';
import { antiAffinityOf } from './node-usage.ts';

export const podAffinity: Filter = {
	judge(pod, node, snapshot) {
		if (!hasCompany(pod, node, snapshot)) return [{ reason: "node(s) didn't match pod affinity rules", isFinal: true }];
		if (isNearUnwanted(pod, node, snapshot))
			return [{ reason: "node(s) didn't match pod anti-affinity rules", isFinal: false }];
		if (isUnwanted(pod, node, snapshot))
			return [{ reason: "node(s) didn't satisfy existing pods anti-affinity rules", isFinal: false }];
		return [];
	},
	isHelpedBy(pod, { before, after }, snapshot) {
		const near = (other: Pod | null) => other !== null && isMeant(affinityOf(pod), pod, other, snapshot);
		const away = (other: Pod | null) => other !== null && isMeant(antiAffinityOf(pod), pod, other, snapshot);
		return (!near(before) && near(after)) || (away(before) && !away(after));
	},
};

/** All terms mean the same Pods. The first of Pods that want to be together is let in alone. */
function hasCompany(pod: Pod, node: Node, snapshot: Snapshot): boolean {
	const terms = affinityOf(pod);
	if (terms.length === 0) return true;
	const keys = terms.map(({ topologyKey = '' }) => topologyKey);
	if (keys.some((key) => node.metadata.labels?.[key] === undefined)) return false;
	const company = snapshot.nodes.filter(({ metadata: { name, labels } }) => {
		const isSomewhere = keys.some((key) => labels?.[key] !== undefined);
		return isSomewhere && [...snapshot.usage.podsOn(name)].some((other) => isMeant(terms, pod, other, snapshot));
	});
	if (company.length === 0) return isMeant(terms, pod, pod, snapshot);
	return keys.every((key) => company.some((other) => isSameDomain(node, other, key)));
}

function isNearUnwanted(pod: Pod, node: Node, snapshot: Snapshot): boolean {
	const terms = antiAffinityOf(pod);
	const isUnwantedBy = (other: Pod, place: Node) =>
		terms.some((term) => isSameDomain(node, place, term.topologyKey) && matches(term, pod, other, snapshot));
	return terms.length > 0 && hasPod(snapshot.nodes, snapshot.usage.podsOn, isUnwantedBy);
}

function isUnwanted(pod: Pod, node: Node, snapshot: Snapshot): boolean {
	return hasPod(snapshot.nodes, snapshot.usage.repellingPodsOn, (other, place) =>
		antiAffinityOf(other).some(
			(term) => isSameDomain(node, place, term.topologyKey) && matches(term, other, pod, snapshot),
		),
	);
}

function hasPod(
	nodes: readonly Node[],
	listPods: (node: string) => Iterable<Pod>,
	isIt: (pod: Pod, node: Node) => boolean,
): boolean {
	return nodes.some((node) => [...listPods(node.metadata.name)].some((pod) => isIt(pod, node)));
}

function affinityOf({ spec }: Pod): readonly PodAffinityTerm[] {
	return spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function isMeant(terms: readonly PodAffinityTerm[], owner: Pod, other: Pod, snapshot: Snapshot): boolean {
	return terms.length > 0 && terms.every((term) => matches(term, owner, other, snapshot));
}

/** Without namespaces or a selector of them a term is about its Pod's own. */
function matches(term: PodAffinityTerm, owner: Pod, other: Pod, { labelsOfNamespace }: Snapshot): boolean {
	const { namespaces = [], namespaceSelector, labelSelector } = term;
	const { namespace = '', labels } = other.metadata;
	const isThere =
		namespaces.length === 0 && namespaceSelector === undefined
			? namespace === owner.metadata.namespace
			: namespaces.includes(namespace) || selects(namespaceSelector, labelsOfNamespace(namespace));
	return isThere && selects(labelSelector, labels);
}

function isSameDomain(one: Node, other: Node, key = ''): boolean {
	const value = one.metadata.labels?.[key];
	return value !== undefined && value === other.metadata.labels?.[key];
}
