/** A node that is cordoned bears a taint that says so (pkg/controller/nodelifecycle). */

import type { ClusterClient } from '../cluster-client.ts';
import type { Node } from '../kubelet/pod.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { cordonTaint } from './node-selection.ts';
import { keyOf, type Loop, startLoop } from './reconcile.ts';

export function startNodeTaints(client: ClusterClient, clock: TimerClock): Loop {
	return startLoop({
		client,
		clock,
		types: ['nodes'],
		findKeys: (node, change) => (change?.type === 'DELETED' ? [] : [keyOf(node)]),
		reconcile: ({ name }) => {
			client.update<Node>('nodes', '', name, (node) => taintCordoned(node, clock.now()));
		},
	});
}

function taintCordoned(node: Node, now: Date): Node {
	const { taints = [], ...spec } = node.spec ?? {};
	const others = taints.filter(({ key, effect }) => key !== cordonTaint.key || effect !== cordonTaint.effect);
	const isTainted = others.length < taints.length;
	if (isTainted === Boolean(spec.unschedulable)) return node;
	const left = isTainted ? others : [...taints, { ...cordonTaint, timeAdded: formatTime(now) }];
	return { ...node, spec: { ...spec, ...(left.length > 0 && { taints: left }) } };
}
