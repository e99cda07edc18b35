/** The shelf of kinds: the rules of each, by the name of its type. */

import type { KubeObject } from '../object.ts';
import type { PodTemplate } from '../pod.ts';
import type { TypeName } from '../resource-type.ts';
import * as access from './access.ts';
import * as cluster from './cluster.ts';
import * as definition from './definition.ts';
import * as deployment from './deployment.ts';
import * as endpoints from './endpoints.ts';
import type { Findings } from './field-error.ts';
import { checkDns1035Label, checkDnsLabel, checkDnsSubdomain, checkLongName, checkPathSegment } from './formats.ts';
import * as job from './job.ts';
import { validateNamespace, validateNamespaceStatus } from './namespace.ts';
import * as network from './network.ts';
import * as pod from './pod.ts';
import { warnOfPod, warnOfTemplate } from './pod-warnings.ts';
import * as quota from './quota.ts';
import type { KindRules, UpdatePart } from './rules.ts';
import * as secret from './secret.ts';
import * as service from './service.ts';
import * as workload from './workload.ts';

/** Most kinds outside the core group, too, are held to its rules for metadata. */
const core = { isNamespaced: true, isCore: true, name: checkDnsSubdomain };
const wide = { ...core, isNamespaced: false };
const role = { isNamespaced: true, isCore: true, name: checkPathSegment };
const specThenChange: readonly UpdatePart[] = ['metadataChange', 'always', 'change'];
const wholeThenChange: readonly UpdatePart[] = ['metadata', 'always', 'metadataChange', 'change'];

export const kinds: Readonly<Record<TypeName, KindRules>> = {
	namespaces: {
		...wide,
		kind: 'Namespace',
		name: checkDnsLabel,
		always: typed(validateNamespace),
		updateParts: wholeThenChange,
		status: typed(validateNamespaceStatus),
	},
	secrets: {
		...core,
		kind: 'Secret',
		always: typed(secret.validateSecret),
		change: typed(secret.validateSecretUpdate),
	},
	configmaps: {
		...core,
		kind: 'ConfigMap',
		always: typed(secret.validateConfigMap),
		change: typed(secret.validateConfigMapUpdate),
	},
	serviceaccounts: { ...core, kind: 'ServiceAccount' },
	pods: {
		...core,
		kind: 'Pod',
		always: typed(pod.validatePod),
		creation: typed(pod.validateNewPod),
		change: typed(pod.validatePodChange),
		updateParts: ['metadataChange', 'metadata', 'always', 'change'],
		status: typed(pod.validatePodStatus),
		warnings: warnOfPod,
	},
	podtemplates: {
		...core,
		kind: 'PodTemplate',
		always: typed(workload.validatePodTemplateObject),
		updateParts: ['metadataChange', 'always'],
		warnings: warnOfTemplate((object) => object['template'] as PodTemplate | undefined, 'template'),
	},
	replicationcontrollers: {
		...core,
		kind: 'ReplicationController',
		name: checkLongName,
		ignoresGenerateName: true,
		always: typed(workload.validateReplicationController),
		updateParts: ['metadataChange', 'always'],
		warnings: warnOfTemplate(templateOf, 'spec.template', true),
	},
	services: {
		...core,
		kind: 'Service',
		name: checkDns1035Label,
		always: typed(service.validateService),
		change: typed(service.validateServiceChange),
		updateParts: ['metadataChange', 'change', 'always'],
	},
	endpoints: { ...core, kind: 'Endpoints', always: typed(endpoints.validateEndpoints) },
	nodes: {
		...wide,
		kind: 'Node',
		always: typed(cluster.validateNode),
		creation: typed(cluster.validateNewNode),
		change: typed(cluster.validateNodeChange),
		updateParts: ['metadata', 'always', 'creation', 'metadataChange', 'always', 'change'],
		status: typed(cluster.validateNode),
	},
	limitranges: {
		...core,
		kind: 'LimitRange',
		always: typed(quota.validateLimitRange),
		updateParts: ['metadata', 'always'],
	},
	resourcequotas: {
		...core,
		kind: 'ResourceQuota',
		always: typed(quota.validateResourceQuota),
		change: typed(quota.validateResourceQuotaChange),
		updateParts: specThenChange,
	},
	persistentvolumeclaims: {
		...core,
		kind: 'PersistentVolumeClaim',
		always: typed(cluster.validatePersistentClaim),
	},
	'deployments.apps': {
		...core,
		kind: 'Deployment.apps',
		always: typed(deployment.validateDeployment),
		change: typed(deployment.validateSelectorChange),
		updateParts: specThenChange,
		status: typed(deployment.validateDeploymentStatus),
		warnings: warnOfTemplate(templateOf, 'spec.template', true),
	},
	'replicasets.apps': {
		...core,
		kind: 'ReplicaSet.apps',
		always: typed(deployment.validateReplicaSet),
		change: typed(deployment.validateSelectorChange),
		updateParts: specThenChange,
		status: typed(deployment.validateReplicaSetStatus),
		warnings: warnOfTemplate(templateOf, 'spec.template', true),
	},
	'statefulsets.apps': {
		...core,
		kind: 'StatefulSet.apps',
		name: checkDnsLabel,
		always: typed(workload.validateStatefulSet),
		change: typed(workload.validateStatefulSetChange),
		updateParts: specThenChange,
		warnings: warnOfTemplate(templateOf, 'spec.template'),
	},
	'daemonsets.apps': {
		...core,
		kind: 'DaemonSet.apps',
		always: typed(workload.validateDaemonSet),
		change: typed(workload.validateDaemonSetChange),
		updateParts: ['metadataChange', 'change', 'always'],
		warnings: warnOfTemplate(templateOf, 'spec.template'),
	},
	'jobs.batch': {
		...core,
		kind: 'Job.batch',
		view: job.hideSharedLabels,
		always: typed(job.validateJob),
		creation: typed(job.validateJobNames),
		change: typed(job.validateJobChange),
		updateParts: ['metadata', 'creation', 'always', 'metadataChange', 'always', 'change'],
		warnings: warnOfTemplate(templateOf, 'spec.template', true),
	},
	'cronjobs.batch': {
		...core,
		kind: 'CronJob.batch',
		always: typed(job.validateCronJob),
		creation: typed(job.validateNewCronJob),
		updateParts: ['metadataChange', 'always'],
		warnings: warnOfTemplate(jobTemplateOf, 'spec.jobTemplate.spec.template', true),
	},
	'roles.rbac.authorization.k8s.io': {
		...role,
		kind: 'Role.rbac.authorization.k8s.io',
		always: typed(access.validateRole),
	},
	'clusterroles.rbac.authorization.k8s.io': {
		...role,
		isNamespaced: false,
		kind: 'ClusterRole.rbac.authorization.k8s.io',
		always: typed(access.validateRole),
	},
	'rolebindings.rbac.authorization.k8s.io': {
		...role,
		kind: 'RoleBinding.rbac.authorization.k8s.io',
		always: typed(access.validateBinding),
		change: typed(access.validateBindingChange),
		updateParts: wholeThenChange,
	},
	'clusterrolebindings.rbac.authorization.k8s.io': {
		...role,
		isNamespaced: false,
		kind: 'ClusterRoleBinding.rbac.authorization.k8s.io',
		always: typed(access.validateBinding),
		change: typed(access.validateBindingChange),
		updateParts: wholeThenChange,
	},
	'networkpolicies.networking.k8s.io': {
		...core,
		kind: 'NetworkPolicy.networking.k8s.io',
		always: typed(network.validateNetworkPolicy),
		updateParts: ['metadata', 'always', 'metadataChange', 'always'],
	},
	'ingresses.networking.k8s.io': {
		...core,
		kind: 'Ingress.networking.k8s.io',
		always: typed(network.validateIngress),
		creation: typed(network.validateNewIngress),
		updateParts: ['metadataChange', 'metadata', 'always'],
	},
	events: { ...core, kind: 'Event', always: typed(cluster.validateEvent) },
	'leases.coordination.k8s.io': {
		...core,
		isCore: false,
		kind: 'Lease.coordination.k8s.io',
		always: typed(cluster.validateLease),
		updateParts: ['metadataChange', 'always'],
	},
	'endpointslices.discovery.k8s.io': {
		...core,
		kind: 'EndpointSlice.discovery.k8s.io',
		always: typed(endpoints.validateEndpointSlice),
		change: typed(endpoints.validateEndpointSliceChange),
		updateParts: ['metadata', 'always', 'change'],
	},
	'priorityclasses.scheduling.k8s.io': {
		...wide,
		kind: 'PriorityClass.scheduling.k8s.io',
		always: typed(cluster.validatePriorityClass),
		change: typed(cluster.validatePriorityClassChange),
		updateParts: ['metadataChange', 'change'],
	},
	'storageclasses.storage.k8s.io': {
		...wide,
		kind: 'StorageClass.storage.k8s.io',
		always: typed(cluster.validateStorageClass),
		change: typed(cluster.validateStorageClassChange),
		updateParts: wholeThenChange,
	},
	'customresourcedefinitions.apiextensions.k8s.io': {
		...wide,
		isCore: false,
		kind: 'CustomResourceDefinition.apiextensions.k8s.io',
		always: typed(definition.validateDefinition),
		change: typed(definition.validateDefinitionChange),
		updateParts: ['metadataChange', 'always', 'change'],
		status: typed(definition.validateDefinitionStatus),
	},
	'poddisruptionbudgets.policy': {
		...core,
		isCore: false,
		name: checkPathSegment,
		kind: 'PodDisruptionBudget.policy',
		always: typed(cluster.validateDisruptionBudget),
		updateParts: ['always'],
	},
};

/** Objects come decoded by the schema of their kind: what a validator declares of their shape, decoding has kept. */
function typed<T extends KubeObject>(validate: (object: T, old: T) => Findings) {
	return (object: KubeObject, old: KubeObject = object): Findings => validate(object as T, old as T);
}

function templateOf(object: KubeObject): PodTemplate | undefined {
	return (object['spec'] as { template?: PodTemplate } | undefined)?.template;
}

function jobTemplateOf(object: KubeObject): PodTemplate | undefined {
	const spec = object['spec'] as { jobTemplate?: { spec?: { template?: PodTemplate } } } | undefined;
	return spec?.jobTemplate?.spec?.template;
}
