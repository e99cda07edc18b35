/** A Pod as it is first stored, and what of it an update may bring (kubernetes pkg/registry/core/pod/strategy.go). */

import type { Pod, PodSpec, Resources } from '../pod.ts';
import { formatTime } from '../time.ts';
import { isEqual } from '../validation/equality.ts';
import { isZeroQuantity } from '../validation/quantity.ts';
import { mergeLabelKeys } from './match-label-keys.ts';

export function preparePod(pod: Pod, now: Date): Pod {
	const isGated = (pod.spec.schedulingGates ?? []).length > 0;
	const gated = {
		type: 'PodScheduled',
		status: 'False',
		lastProbeTime: null,
		lastTransitionTime: formatTime(now),
		reason: 'SchedulingGated',
		message: 'Scheduling is blocked due to non-empty scheduling gates',
	};
	return {
		...pod,
		metadata: { ...pod.metadata, generation: 1 },
		spec: boundGracePeriod(mergeLabelKeys(pod)),
		status: { phase: 'Pending', ...(isGated && { conditions: [gated] }), qosClass: findQosClass(pod.spec) },
	};
}

export function preparePodUpdate(pod: Pod, old: Pod): Pod {
	const generation = (old.metadata.generation ?? 0) + (isEqual(pod.spec, old.spec) ? 0 : 1);
	return {
		...pod,
		metadata: { ...pod.metadata, ...(generation > 0 && { generation }) },
		...(old.status && { status: old.status }),
	};
}

export function preparePodStatus(pod: Pod, old: Pod): Pod {
	const { ownerReferences: _dropped, ...metadata } = pod.metadata;
	const owners = old.metadata.ownerReferences;
	const qosClass = pod.status?.qosClass ?? old.status?.qosClass;
	return {
		...pod,
		metadata: { ...metadata, ...(owners && { ownerReferences: owners }) },
		spec: old.spec,
		status: { ...pod.status, ...(qosClass !== undefined && { qosClass }) },
	};
}

/** A negative grace period, once allowed, is one second. */
function boundGracePeriod(spec: PodSpec): PodSpec {
	return (spec.terminationGracePeriodSeconds ?? 0) < 0 ? { ...spec, terminationGracePeriodSeconds: 1 } : spec;
}

/** Guaranteed: limits of cpu and memory everywhere, equal to the requests; BestEffort: neither anywhere. */
export function findQosClass(spec: PodSpec): string {
	const all = spec.resources
		? [spec.resources]
		: [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(takeResources);
	const computed = all.map(({ requests, limits }) => ({
		requests: takeCompute(requests),
		limits: takeCompute(limits),
	}));
	if (computed.every(({ requests, limits }) => isEqual(requests, {}) && isEqual(limits, {}))) return 'BestEffort';
	const isGuaranteed = computed.every(
		({ requests, limits }) =>
			limits['cpu'] !== undefined && limits['memory'] !== undefined && isEqual({ ...limits, ...requests }, limits),
	);
	return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

function takeResources({ resources }: { resources?: Resources }): Resources {
	return resources ?? {};
}

function takeCompute(quantities: Resources['requests'] = {}): Record<string, string> {
	const compute = Object.entries(quantities).filter(
		([name, quantity]) => (name === 'cpu' || name === 'memory') && !isZeroQuantity(quantity),
	);
	return Object.fromEntries(compute);
}
