/** Defaults of what is around Pods: services, secrets, namespaces, roles, policies, classes. */

import { type Defaulting, type Struct, setAbsent } from './struct.ts';

const rbac = 'rbac.authorization.k8s.io';

export const clusterDefaults: Readonly<Record<string, Defaulting>> = {
	Secret: fillSecret,
	Service: fillService,
	Namespace: fillNamespace,
	NamespaceStatus: (status) => setAbsent(status, { phase: 'Active' }),
	NodeStatus: (status) => {
		if (status['capacity'] !== undefined) setAbsent(status, { allocatable: { ...status['capacity'] } });
	},
	EndpointPort: (port) => setAbsent(port, { protocol: 'TCP' }),
	EndpointSlice: ({ ports }) => {
		for (const port of ports ?? []) setAbsent(port, { name: '' });
	},
	LimitRangeItem: fillLimitRangeItem,
	PersistentVolume: ({ spec, status }) => {
		setAbsent(spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
		setAbsent(status, { phase: 'Pending' });
	},
	PersistentVolumeClaim: ({ status }) => setAbsent(status, { phase: 'Pending' }),
	RoleBinding: ({ roleRef }) => fillApiGroup(roleRef),
	ClusterRoleBinding: ({ roleRef }) => fillApiGroup(roleRef),
	Subject: fillSubject,
	NetworkPolicy: fillNetworkPolicy,
	NetworkPolicyPort: (port) => setAbsent(port, { protocol: 'TCP' }),
	IngressClass: ({ spec }) => {
		if (spec?.parameters) spec.parameters.scope ??= 'Cluster';
	},
	StorageClass: (storageClass) => setAbsent(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
	CSIDriver: ({ spec }) =>
		setAbsent(spec, {
			attachRequired: true,
			podInfoOnMount: false,
			storageCapacity: false,
			fsGroupPolicy: 'ReadWriteOnceWithFSType',
			volumeLifecycleModes: ['Persistent'],
			requiresRepublish: false,
			seLinuxMount: false,
		}),
	CustomResourceDefinitionSpec: nameDefinition,
	PriorityClass: (priorityClass) => setAbsent(priorityClass, { preemptionPolicy: 'PreemptLowerPriority' }),
};

function nameDefinition(spec: Struct): void {
	const names = spec['names'] as Struct | undefined;
	if (names !== undefined) {
		names['singular'] ||= String(names['kind'] ?? '').toLowerCase();
		if (names['kind']) names['listKind'] ||= `${names['kind']}List`;
	}
	spec['conversion'] ??= { strategy: 'None' };
}

/** `stringData` is for writing only: it wins over `data`, in which it is kept. */
function fillSecret(secret: Struct): void {
	const entries = Object.entries<string>(secret['stringData'] ?? {});
	if (entries.length > 0) {
		const encoded = entries.map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
		secret['data'] = { ...secret['data'], ...Object.fromEntries(encoded) };
	}
	delete secret['stringData'];
	setAbsent(secret, { type: 'Opaque' });
}

/** Addresses are given by admission. */
function fillService({ spec }: Struct): void {
	setAbsent(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
	if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
	if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
		spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10800 } };
	}
	for (const port of spec.ports ?? []) {
		setAbsent(port, { protocol: 'TCP' });
		if (port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
	}
	const isOutside = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
	const hasExternalIps = spec.type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0;
	if (isOutside || hasExternalIps) setAbsent(spec, { externalTrafficPolicy: 'Cluster' });
	if (isOutside || spec.type === 'ClusterIP') setAbsent(spec, { internalTrafficPolicy: 'Cluster' });
	if (spec.type === 'LoadBalancer') setAbsent(spec, { allocateLoadBalancerNodePorts: true });
}

function fillNamespace({ metadata }: Struct): void {
	if (!metadata.name) return;
	metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
}

function fillLimitRangeItem(item: Struct): void {
	if (item['type'] !== 'Container') return;
	const limits = { ...item['max'], ...item['default'] };
	const requests = { ...item['min'], ...limits, ...item['defaultRequest'] };
	if (Object.keys(limits).length > 0) item['default'] = limits;
	if (Object.keys(requests).length > 0) item['defaultRequest'] = requests;
}

function fillApiGroup(reference: Struct): void {
	if (!reference['apiGroup']) reference['apiGroup'] = rbac;
}

function fillSubject(subject: Struct): void {
	if (subject['kind'] === 'User' || subject['kind'] === 'Group') fillApiGroup(subject);
}

function fillNetworkPolicy({ spec }: Struct): void {
	const hasEgress = (spec.egress ?? []).length > 0;
	setAbsent(spec, { policyTypes: hasEgress ? ['Ingress', 'Egress'] : ['Ingress'] });
}
