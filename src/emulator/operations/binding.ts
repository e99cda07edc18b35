/** `/binding`: a Pod gets its node. */

import type { KubeObject } from '../object.ts';
import { formatTime } from '../time.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { badRequest, conflict, unknown } from './errors.ts';
import { getObject, keyFor } from './read.ts';
import { requireUid } from './update.ts';

interface Binding extends KubeObject {
	target?: { kind?: string; name?: string };
}

interface Condition {
	type: string;
	status: string;
	[field: string]: unknown;
}

export function bindPod(core: Core, target: Target, body: unknown, context: WriteContext): void {
	const binding = (body ?? {}) as Partial<Binding>;
	const { kind = '', name: node = '' } = binding.target ?? {};
	if (binding.metadata?.name !== target.name) throw badRequest('name in URL does not match name in Binding object');
	if (kind !== '' && kind !== 'Node') {
		throw unknown(`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`);
	}
	if (node === '') throw unknown('target.name: Required value');
	const bound = assign(core, target, binding, node);
	if (!context.isDryRun) core.store.write(keyFor(target), bound);
}

/** Neither counted as a change of what was wished for, nor written down in managedFields. */
function assign(core: Core, target: Target, binding: Partial<Binding>, node: string): KubeObject {
	const pod = getObject(core, target);
	requireUid(target, binding.metadata?.uid, pod);
	const { nodeName = '' } = pod['spec'] as { nodeName?: string };
	const conflictWith = (why: string) => conflict({ group: '', resource: 'pods/binding' }, target.name, why);
	if (pod.metadata.deletionTimestamp !== undefined) {
		throw conflictWith(`pod ${target.name} is being deleted, cannot be assigned to a host`);
	}
	if (nodeName !== '') throw conflictWith(`pod ${target.name} is already assigned to node "${nodeName}"`);
	const { nominatedNodeName: _, ...status } = (pod['status'] ?? {}) as {
		conditions?: Condition[];
		nominatedNodeName?: string;
	};
	const others = (status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
	const { annotations, labels } = binding.metadata ?? {};
	return {
		...pod,
		metadata: {
			...pod.metadata,
			...(annotations && { annotations: { ...pod.metadata.annotations, ...annotations } }),
			...(labels && { labels: { ...pod.metadata.labels, ...labels } }),
		},
		spec: { ...(pod['spec'] as object), nodeName: node },
		status: { ...status, conditions: [...others, scheduled(core.clock.now())] },
	};
}

function scheduled(now: Date): Condition {
	return {
		type: 'PodScheduled',
		status: 'True',
		lastProbeTime: null,
		lastTransitionTime: formatTime(now),
	};
}
