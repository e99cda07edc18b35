/** How the types differ when they are written: a table, from the strategies of Kubernetes' registry. */

import type { CustomType } from '../custom/custom-type.ts';
import { nameType, type ResourceType } from '../resource-type.ts';

/** A PUT makes what is not there. */
const madeByUpdate = new Set([
	'endpoints',
	'events',
	'limitranges',
	'services',
	'cronjobs.batch',
	'flowschemas.flowcontrol.apiserver.k8s.io',
	'jobs.batch',
	'leases.coordination.k8s.io',
	'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
	'clusterrolebindings.rbac.authorization.k8s.io',
	'clusterroles.rbac.authorization.k8s.io',
	'rolebindings.rbac.authorization.k8s.io',
	'roles.rbac.authorization.k8s.io',
	'runtimeclasses.node.k8s.io',
]);

/** A PUT must say which resourceVersion it replaces. */
const updatedByVersion = new Set([
	'cronjobs.batch',
	'jobs.batch',
	'leases.coordination.k8s.io',
	'poddisruptionbudgets.policy',
	'customresourcedefinitions.apiextensions.k8s.io',
	'csidrivers.storage.k8s.io',
	'csinodes.storage.k8s.io',
	'csistoragecapacities.storage.k8s.io',
	'volumeattachments.storage.k8s.io',
	'flowschemas.flowcontrol.apiserver.k8s.io',
	'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
	'mutatingwebhookconfigurations.admissionregistration.k8s.io',
	'validatingadmissionpolicies.admissionregistration.k8s.io',
	'validatingadmissionpolicybindings.admissionregistration.k8s.io',
	'validatingwebhookconfigurations.admissionregistration.k8s.io',
	'runtimeclasses.node.k8s.io',
]);

/** A DELETE answers with the object, where it would answer with a Status. */
const returnedByDelete = new Set([
	'persistentvolumeclaims',
	'persistentvolumes',
	'namespaces',
	'pods',
	'podtemplates',
	'resourcequotas',
	'serviceaccounts',
	'services',
	'csidrivers.storage.k8s.io',
	'csinodes.storage.k8s.io',
	'storageclasses.storage.k8s.io',
	'volumeattachments.storage.k8s.io',
	'volumeattributesclasses.storage.k8s.io',
	'resourceclaims.resource.k8s.io',
	'resourceclaimtemplates.resource.k8s.io',
	'resourceslices.resource.k8s.io',
	'deviceclasses.resource.k8s.io',
]);

/** What they own stays where they are deleted without a word about it. */
const orphanedByDefault = new Set(['replicationcontrollers', 'jobs.batch']);

/** `metadata.generation` counts the changes of what is wished for. */
const counted = new Set([
	'pods',
	'podtemplates',
	'replicationcontrollers',
	'daemonsets.apps',
	'deployments.apps',
	'replicasets.apps',
	'statefulsets.apps',
	'horizontalpodautoscalers.autoscaling',
	'cronjobs.batch',
	'jobs.batch',
	'flowschemas.flowcontrol.apiserver.k8s.io',
	'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
	'endpointslices.discovery.k8s.io',
	'priorityclasses.scheduling.k8s.io',
	'ingresses.networking.k8s.io',
	'ingressclasses.networking.k8s.io',
	'networkpolicies.networking.k8s.io',
	'poddisruptionbudgets.policy',
	'customresourcedefinitions.apiextensions.k8s.io',
	'mutatingwebhookconfigurations.admissionregistration.k8s.io',
	'validatingadmissionpolicies.admissionregistration.k8s.io',
	'validatingadmissionpolicybindings.admissionregistration.k8s.io',
	'validatingwebhookconfigurations.admissionregistration.k8s.io',
]);

/** Their status is what the caller says, or what admission makes of it. */
const startWithStatus = new Set([
	'namespaces',
	'nodes',
	'persistentvolumes',
	'persistentvolumeclaims',
	'pods',
	'services',
	'customresourcedefinitions.apiextensions.k8s.io',
]);

/** Where etcd keeps them, for those whose place is not named as they are (`SpecialDefaultResourcePrefixes`). */
const prefixes: Record<string, string> = {
	endpoints: 'services/endpoints',
	'ingresses.networking.k8s.io': 'ingress',
	nodes: 'minions',
	'podsecuritypolicies.policy': 'podsecuritypolicy',
	replicationcontrollers: 'controllers',
	services: 'services/specs',
	'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
};

export function storagePrefix(type: ResourceType): string {
	return prefixes[nameType(type)] ?? (type.custom === undefined ? type.resource : `${type.group}/${type.resource}`);
}

export interface Strategy {
	isMadeByUpdate: boolean;
	isUpdatedByVersion: boolean;
	isReturnedByDelete: boolean;
	orphansByDefault: boolean;
	hasGeneration: boolean;
	hasStatus: boolean;
	/** What is sent as its status with a new object is not kept. */
	startsWithoutStatus: boolean;
}

function strategyOfCustom({ hasStatus }: CustomType): Strategy {
	return {
		isMadeByUpdate: false,
		isUpdatedByVersion: true,
		isReturnedByDelete: false,
		orphansByDefault: false,
		hasGeneration: true,
		hasStatus,
		startsWithoutStatus: hasStatus,
	};
}

export function strategyOf(type: ResourceType): Strategy {
	if (type.custom !== undefined) return strategyOfCustom(type.custom);
	const name = nameType(type);
	const hasStatus = type.subresources.some((subresource) => subresource.name === 'status');
	return {
		isMadeByUpdate: madeByUpdate.has(name),
		isUpdatedByVersion: updatedByVersion.has(name),
		isReturnedByDelete: returnedByDelete.has(name),
		orphansByDefault: orphanedByDefault.has(name),
		hasGeneration: counted.has(name),
		hasStatus,
		startsWithoutStatus: hasStatus && !startWithStatus.has(name),
	};
}
