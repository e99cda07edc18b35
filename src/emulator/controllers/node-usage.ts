/** What the Pods of each node ask for, kept up as they come and go. */

import type { Container, Pod } from '../kubelet/pod.ts';
import { toNanos } from '../validation/quantity.ts';

export type Amounts = Readonly<Record<string, bigint>>;

export interface NodeUsage {
	/** Says whether something has become free. */
	follow(pod: Pod, isGone: boolean): boolean;
	sumOf(node: string): Amounts;
	countPods(node: string): number;
}

export function createNodeUsage(): NodeUsage {
	const nodes = new Map<string, { count: number; sum: Record<string, bigint> }>();
	const placed = new Map<string, { node: string; requests: Amounts }>();

	function change(node: string, requests: Amounts, sign: 1 | -1): void {
		const entry = nodes.get(node) ?? { count: 0, sum: {} };
		nodes.set(node, entry);
		entry.count += sign;
		for (const [name, amount] of Object.entries(requests)) {
			entry.sum[name] = (entry.sum[name] ?? 0n) + BigInt(sign) * amount;
		}
	}

	return {
		follow(pod, isGone) {
			const { uid = '' } = pod.metadata;
			const before = placed.get(uid);
			if (isGone && before) {
				placed.delete(uid);
				change(before.node, before.requests, -1);
				return true;
			}
			if (isGone || before || !pod.spec.nodeName) return false;
			const entry = { node: pod.spec.nodeName, requests: sumRequests(pod) };
			placed.set(uid, entry);
			change(entry.node, entry.requests, 1);
			return false;
		},
		sumOf: (node) => nodes.get(node)?.sum ?? {},
		countPods: (node) => nodes.get(node)?.count ?? 0,
	};
}

/** All containers at once, or the most that initialisation needs: whichever is more. Sidecars count in both. */
export function sumRequests({ spec }: Pod): Amounts {
	const total: Record<string, bigint> = {};
	const sidecars: Record<string, bigint> = {};
	const peak: Record<string, bigint> = {};
	for (const container of spec.containers) add(total, container);
	for (const container of spec.initContainers ?? []) {
		if (container.restartPolicy === 'Always') add(sidecars, container);
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

function add(sum: Record<string, bigint>, { resources }: Container): void {
	for (const [name, amount] of Object.entries(resources?.requests ?? {})) {
		sum[name] = (sum[name] ?? 0n) + toNanos(amount);
	}
}
