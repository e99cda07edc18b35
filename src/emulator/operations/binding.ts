/** `/binding`: a Pod gets its node. */

import type { KubeObject } from '../object.ts';
import { createInvalidStatus } from '../validation/index.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { badRequest, conflict } from './errors.ts';
import { getObject, keyFor } from './read.ts';
import { formatTime } from './time.ts';

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
		const detail = 'supported values: "Node", "<empty>"';
		throw createInvalidStatus('Binding', target.name, [
			{ type: 'Unsupported value', field: 'target.kind', badValue: kind, detail },
		]);
	}
	if (node === '') {
		throw createInvalidStatus('Binding', target.name, [{ type: 'Required value', field: 'target.name', detail: '' }]);
	}
	const bound = assign(core, target, binding, node);
	if (!context.isDryRun) core.store.write(keyFor(target), bound);
}

/** Neither counted as a change of what was wished for, nor written down in managedFields. */
function assign(core: Core, target: Target, binding: Partial<Binding>, node: string): KubeObject {
	const pod = getObject(core, target);
	const { nodeName = '' } = pod['spec'] as { nodeName?: string };
	const refuse = (why: string) => conflict({ group: '', resource: 'pods/binding' }, target.name, why);
	if (pod.metadata.deletionTimestamp !== undefined) {
		throw refuse(`pod ${target.name} is being deleted, cannot be assigned to a host`);
	}
	if (nodeName !== '') throw refuse(`pod ${target.name} is already assigned to node "${nodeName}"`);
	const status = pod['status'] as { conditions?: Condition[] } | undefined;
	const others = (status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
	const { annotations, labels } = binding.metadata ?? {};
	return {
		...pod,
		metadata: {
			...pod.metadata,
			...(annotations && { annotations: { ...pod.metadata.annotations, ...annotations } }),
			...(labels && { labels: { ...pod.metadata.labels, ...labels } }),
		},
		spec: { ...(pod['spec'] as object), nodeName: node },
		status: { ...status, conditions: [...others, scheduled(pod, core.clock.now())] },
	};
}

function scheduled({ metadata }: KubeObject, now: Date): Condition {
	return {
		type: 'PodScheduled',
		...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
		status: 'True',
		lastProbeTime: null,
		lastTransitionTime: formatTime(now),
	};
}
