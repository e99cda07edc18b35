/** Which Pods a Service reaches, and by which ports. */

import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Pod } from '../kubelet/pod.ts';
import { selects } from '../label-selection.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';

export interface Service extends KubeObject {
	spec: {
		type?: string;
		clusterIP?: string;
		selector?: Record<string, string>;
		ports?: ServicePort[];
		publishNotReadyAddresses?: boolean;
	};
}

interface ServicePort {
	name?: string;
	port: number;
	protocol: string;
	targetPort?: number | string;
}

interface ContainerPort {
	name?: string;
	containerPort: number;
	protocol?: string;
}

interface EndpointPort {
	name?: string;
	port: number;
	protocol: string;
}

/** Pods that are reached by the same ports. */
export interface Group {
	ports: EndpointPort[];
	pods: Pod[];
}

export function hasEndpoints({ spec }: Service): boolean {
	return spec.type !== 'ExternalName' && Object.keys(spec.selector ?? {}).length > 0;
}

export function isSelected({ spec }: Service, { labels }: ObjectMeta): boolean {
	return selects({ matchLabels: spec.selector ?? {} }, labels);
}

export function groupPods(client: ClusterClient, service: Service): Group[] {
	const groups = new Map<string, Group>();
	for (const pod of client.list<Pod>('pods', service.metadata.namespace ?? '')) {
		const { phase, podIP } = pod.status;
		if (!podIP || isTerminalPhase(phase) || !isSelected(service, pod.metadata)) continue;
		const ports = (service.spec.ports ?? []).flatMap((port) => findPort(port, pod));
		const group = groups.get(JSON.stringify(ports)) ?? { ports, pods: [] };
		groups.set(JSON.stringify(ports), group);
		group.pods.push(pod);
	}
	return [...groups.values()];
}

/** A port by name is the one that a container of the Pod calls so. */
function findPort({ name, port, protocol, targetPort }: ServicePort, { spec }: Pod): EndpointPort[] {
	const all = spec.containers.flatMap((container) => (container as { ports?: ContainerPort[] }).ports ?? []);
	const number =
		typeof targetPort === 'string'
			? all.find((each) => each.name === targetPort && (each.protocol ?? 'TCP') === protocol)?.containerPort
			: (targetPort ?? port);
	return number === undefined ? [] : [{ ...(name !== undefined && { name }), port: number, protocol }];
}

export function describeAddress({ metadata: { name, namespace, uid }, spec, status }: Pod) {
	const targetRef = { kind: 'Pod', name, namespace, uid };
	return { ip: status.podIP as string, nodeName: spec.nodeName, targetRef };
}
