/** The Pods of each node and what they ask for, kept up as they come and go. */

import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import type { Container, PodAffinityTerm } from '../pod.ts';
import { toNanos } from '../validation/quantity.ts';

export type Amounts = Readonly<Record<string, bigint>>;

/** Of a Pod on a node; null: it was not there before, or is no longer. */
export interface PodChange {
	before: Pod | null;
	after: Pod | null;
}

export interface NodeUsage {
	/** Takes a Pod as it is now, where it has a node or had one; null where it has none. A Pod that has ended is gone. */
	follow(pod: Pod, isGone: boolean): PodChange | null;
	podsOn(node: string): Iterable<Pod>;
	/** Of these, the ones that keep some others away, by a required anti-affinity: few, where there are many Pods. */
	repellingPodsOn(node: string): Iterable<Pod>;
	countPods(node: string): number;
	sumOf(node: string): Amounts;
	/** As it would be with other Pods, to try that out. */
	copy(): NodeUsage;
}

interface Entry {
	pods: Map<string, Pod>;
	repelling: Map<string, Pod>;
	sum: Record<string, bigint>;
}

export function createNodeUsage(pods: Iterable<Pod> = []): NodeUsage {
	const nodes = new Map<string, Entry>();
	const placed = new Map<string, { pod: Pod; node: string; requests: Amounts }>();

	function add(node: string, requests: Amounts, sign: 1n | -1n): Entry {
		const entry: Entry = nodes.get(node) ?? { pods: new Map(), repelling: new Map(), sum: {} };
		nodes.set(node, entry);
		for (const [name, amount] of Object.entries(requests)) entry.sum[name] = (entry.sum[name] ?? 0n) + sign * amount;
		return entry;
	}

	const usage: NodeUsage = {
		follow(pod, isGone) {
			const { uid = '' } = pod.metadata;
			const before = placed.get(uid);
			const node = pod.spec.nodeName;
			if (isGone || isTerminalPhase(pod.status?.phase)) {
				if (before === undefined) return null;
				placed.delete(uid);
				const { pods, repelling } = add(before.node, before.requests, -1n);
				pods.delete(uid);
				repelling.delete(uid);
				return { before: before.pod, after: null };
			}
			if (!node) return null;
			const requests = before?.requests ?? sumRequests(pod);
			const entry = before ? nodes.get(node) : add(node, requests, 1n);
			entry?.pods.set(uid, pod);
			if (antiAffinityOf(pod).length > 0) entry?.repelling.set(uid, pod);
			placed.set(uid, { pod, node, requests });
			return { before: before?.pod ?? null, after: pod };
		},
		podsOn: (node) => nodes.get(node)?.pods.values() ?? [],
		repellingPodsOn: (node) => nodes.get(node)?.repelling.values() ?? [],
		countPods: (node) => nodes.get(node)?.pods.size ?? 0,
		sumOf: (node) => nodes.get(node)?.sum ?? {},
		copy: () => createNodeUsage([...placed.values()].map(({ pod }) => pod)),
	};
	for (const pod of pods) usage.follow(pod, false);
	return usage;
}

/** What it must not be near. */
export function antiAffinityOf({ spec }: Pod): readonly PodAffinityTerm[] {
	return spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

/** What the containers ask for, or the Pod in their place, and what running it costs besides. */
export function sumRequests({ spec }: Pod): Amounts {
	const total = sumContainers(spec);
	for (const [name, amount] of Object.entries(spec.resources?.requests ?? {}))
		if (/^(cpu|memory|hugepages-.*)$/.test(name)) total[name] = toNanos(amount);
	for (const [name, amount] of Object.entries(spec.overhead ?? {})) total[name] = (total[name] ?? 0n) + toNanos(amount);
	return total;
}

/** All containers at once, or the most that initialisation needs: whichever is more. Sidecars count in both. */
function sumContainers(spec: Pod['spec']): Record<string, bigint> {
	const total: Record<string, bigint> = {};
	const sidecars: Record<string, bigint> = {};
	const peak: Record<string, bigint> = {};
	for (const container of spec.containers) addRequests(total, container);
	for (const container of spec.initContainers ?? []) {
		if (container.restartPolicy === 'Always') addRequests(sidecars, container);
		for (const [name, amount] of Object.entries(container.resources?.requests ?? {})) {
			const isSidecar = container.restartPolicy === 'Always';
			const needed = (sidecars[name] ?? 0n) + (isSidecar ? 0n : toNanos(amount));
			if (needed > (peak[name] ?? 0n)) peak[name] = needed;
		}
	}
	for (const [name, amount] of Object.entries(sidecars)) total[name] = (total[name] ?? 0n) + amount;
	for (const [name, amount] of Object.entries(peak)) if (amount > (total[name] ?? 0n)) total[name] = amount;
	return total;
}

function addRequests(sum: Record<string, bigint>, { resources }: Container): void {
	for (const [name, amount] of Object.entries(resources?.requests ?? {})) {
		sum[name] = (sum[name] ?? 0n) + toNanos(amount);
	}
}
