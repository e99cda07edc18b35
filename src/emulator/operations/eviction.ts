/** `/eviction`: a Pod is deleted, unless a disruption budget forbids it. */

import { type LabelSelector, selects } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import { formatTime } from '../time.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { type DeleteOptions, deleteObject } from './delete.ts';
import { badRequest, unknown } from './errors.ts';
import { getObject, keyFor } from './read.ts';

interface Eviction {
	metadata?: { name?: string };
	deleteOptions?: DeleteOptions;
}

interface Budget extends KubeObject {
	spec: { selector?: LabelSelector };
	status?: { disruptionsAllowed?: number; desiredHealthy?: number; currentHealthy?: number };
}

interface Pod extends KubeObject {
	status?: { phase?: string; conditions?: { type: string }[] };
}

export function evictPod(core: Core, target: Target, body: unknown, context: WriteContext): void {
	const { metadata, deleteOptions = {} } = (body ?? {}) as Eviction;
	if (metadata?.name !== target.name) throw badRequest('name in URL does not match name in Eviction object');
	const pod = getObject(core, target) as Pod;
	const phase = pod.status?.phase ?? '';
	const isHeld = !['Succeeded', 'Failed', 'Pending'].includes(phase) && pod.metadata.deletionTimestamp === undefined;
	if (isHeld) checkBudgets(core, pod);
	if (pod.metadata.deletionTimestamp === undefined && !context.isDryRun)
		core.store.write(keyFor(target), disrupt(core, pod));
	deleteObject(core, target, deleteOptions, context);
}

function checkBudgets({ store }: Core, pod: Pod): void {
	const all = store.list('poddisruptionbudgets.policy', pod.metadata.namespace ?? '') as readonly Budget[];
	const [budget, ...others] = all.filter(
		({ spec }) => spec.selector && selects(spec.selector, pod.metadata.labels ?? {}),
	);
	if (budget === undefined) return;
	if (others.length > 0) {
		const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
		throw unknown(message);
	}
	const { disruptionsAllowed = 0, desiredHealthy = 0, currentHealthy = 0 } = budget.status ?? {};
	if (disruptionsAllowed > 0) return;
	const message = `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
	const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";
	throw new StatusError(429, 'TooManyRequests', refusal, { causes: [{ reason: 'DisruptionBudget', message }] });
}

function disrupt(core: Core, pod: Pod): KubeObject {
	const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
	const condition = {
		type: 'DisruptionTarget',
		status: 'True',
		lastProbeTime: null,
		lastTransitionTime: formatTime(core.clock.now()),
		reason: 'EvictionByEvictionAPI',
		message: 'Eviction API: evicting',
	};
	return { ...pod, status: { ...pod.status, conditions: [...others, condition] } };
}
