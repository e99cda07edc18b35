/** Ports of a node that a Pod wants for itself (pkg/scheduler/framework/plugins/nodeports). */

import { isSidecar, type Pod } from '../kubelet/pod.ts';
import type { ContainerPort } from '../pod.ts';
import type { Filter } from './filter.ts';

export const hostPorts: Filter = {
	judge(pod, { metadata: { name } }, { usage }) {
		const wanted = listHostPorts(pod);
		if (wanted.length === 0) return [];
		const isTaken = [...usage.podsOn(name)].some((other) => clash(wanted, listHostPorts(other)));
		return isTaken ? [{ reason: "node(s) didn't have free ports for the requested pod ports", isFinal: false }] : [];
	},
	isHelpedBy: (pod, { before, after }) =>
		before !== null && after === null && clash(listHostPorts(pod), listHostPorts(before)),
};

/** Of the containers that stay. */
function listHostPorts({ spec }: Pod): ContainerPort[] {
	const staying = [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers];
	return staying.flatMap(({ ports = [] }) => ports.filter(({ hostPort = 0 }) => hostPort > 0));
}

function clash(some: readonly ContainerPort[], others: readonly ContainerPort[]): boolean {
	return some.some((one) =>
		others.some(
			(other) =>
				one.hostPort === other.hostPort &&
				(one.protocol || 'TCP') === (other.protocol || 'TCP') &&
				(isEveryAddress(one) || isEveryAddress(other) || one.hostIP === other.hostIP),
		),
	);
}

function isEveryAddress({ hostIP }: ContainerPort): boolean {
	return !hostIP || hostIP === '0.0.0.0';
}
