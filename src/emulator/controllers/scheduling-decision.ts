/** Where a Pod goes, or why it has to wait, in the scheduler's words. */

import type { ClusterClient } from '../cluster-client.ts';
import type { Node, Pod } from '../kubelet/pod.ts';
import type { Filter, Snapshot } from './filter.ts';
import { findRefusal, type Refusal } from './node-filters.ts';
import { findVictims, isPreempted, priorityOf } from './preemption.ts';
import { findClaimFault } from './volume-claims.ts';

export interface Waiting {
	message: string;
	/** What refused it: nothing where its claims do, null where there was no node. */
	filters: ReadonlySet<Filter> | null;
	/** Empty: nowhere any more. Default: it stays as it is. */
	nominatedNodeName?: string;
	victims?: readonly Pod[];
}

/** `others`: Pods that wait as well. */
export function decide(
	client: ClusterClient,
	pod: Pod,
	snapshot: Snapshot,
	others: readonly Pod[],
): { node: Node } | Waiting {
	const { nodes, usage } = snapshot;
	if (nodes.length === 0) return { message: 'no nodes available to schedule pods', filters: null };
	const head = `0/${nodes.length} nodes are available:`;
	const fault = findClaimFault(client, pod);
	if (fault !== null) return { message: `${head} ${fault}. not found`, filters: new Set() };

	const withNominated = addNominated(others, pod, snapshot);
	const fitting: Node[] = [];
	const refused: (Refusal & { node: Node })[] = [];
	for (const node of nodes) {
		const refusal =
			findRefusal(pod, node, withNominated) ?? (withNominated === snapshot ? null : findRefusal(pod, node, snapshot));
		if (refusal) refused.push({ node, ...refusal });
		else fitting.push(node);
	}
	const [emptiest] = fitting.sort(
		(one, other) => usage.countPods(one.metadata.name) - usage.countPods(other.metadata.name),
	);
	if (emptiest !== undefined) return { node: emptiest };

	const filters = new Set(refused.map(({ filter }) => filter));
	const reasons = `${head} ${tally(refused.flatMap(({ obstacles }) => obstacles.map(({ reason }) => reason)))}.`;
	const alone = `${reasons} no new claims to deallocate, preemption:`;
	const scruple = findScruple(pod, snapshot);
	if (scruple !== null) return { message: `${alone} not eligible due to ${scruple}.`, filters };
	const preemption = findVictims(pod, refused, withNominated);
	return 'reasons' in preemption
		? { message: `${alone} ${head} ${tally(preemption.reasons)}.`, filters, nominatedNodeName: '' }
		: { message: reasons, filters, nominatedNodeName: preemption.node, victims: preemption.victims };
}

/** Counts those as present who wait for others to leave and are no less important. */
function addNominated(others: readonly Pod[], pod: Pod, snapshot: Snapshot): Snapshot {
	const nominated = others.filter(
		(other) =>
			other.status.nominatedNodeName && other.metadata.uid !== pod.metadata.uid && priorityOf(other) >= priorityOf(pod),
	);
	if (nominated.length === 0) return snapshot;
	const usage = snapshot.usage.copy();
	for (const other of nominated)
		usage.follow({ ...other, spec: { ...other.spec, nodeName: other.status.nominatedNodeName ?? '' } }, false);
	return { ...snapshot, usage };
}

/** Why it must not turn out others; null: it may. */
function findScruple(pod: Pod, { usage }: Snapshot): string | null {
	if (pod.spec.preemptionPolicy === 'Never') return 'preemptionPolicy=Never';
	const isAwaited = [...usage.podsOn(pod.status.nominatedNodeName ?? '')].some(
		(other) => isPreempted(other) && priorityOf(other) < priorityOf(pod),
	);
	return isAwaited ? 'a terminating pod on the nominated node' : null;
}

/** `1 Insufficient cpu, 2 node(s) were unschedulable` */
function tally(reasons: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	return [...counts]
		.map(([reason, count]) => `${count} ${reason}`)
		.sort()
		.join(', ');
}
