/** Deletes a Pod that has to go, and says why in its status. */

import type { ClusterClient, WriteOptions } from '../cluster-client.ts';
import type { Pod, PodPhase } from '../kubelet/pod.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';

export interface Disruption {
	reason: string;
	message: string;
	/** Nobody else will report how it ended. */
	phase?: PodPhase;
	gracePeriodSeconds?: number;
}

export function disruptPod(
	client: ClusterClient,
	clock: TimerClock,
	{ metadata }: Pod,
	{ reason, message, phase, gracePeriodSeconds }: Disruption,
	options: WriteOptions = {},
): void {
	const { namespace = '', name, uid = '' } = metadata;
	const condition = {
		lastProbeTime: null,
		lastTransitionTime: formatTime(clock.now()),
		message,
		observedGeneration: metadata.generation ?? 1,
		reason,
		status: 'True' as const,
		type: 'DisruptionTarget',
	};
	client.update<Pod>(
		'pods',
		namespace,
		name,
		(stored) => {
			const others = (stored.status.conditions ?? []).filter(({ type }) => type !== condition.type);
			return {
				...stored,
				status: { ...stored.status, ...(phase !== undefined && { phase }), conditions: [...others, condition] },
			};
		},
		{ ...options, subresource: 'status' },
	);
	client.delete('pods', namespace, name, { uid, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) });
}
