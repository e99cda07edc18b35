/** What the registry sets on an object before it is validated, whatever was sent (kubernetes pkg/registry, strategy.go). */

import { randomUUID } from 'node:crypto';
import { type Definition, definitionType } from '../custom/definition.ts';
import type { KubeObject } from '../object.ts';
import type { Pod } from '../pod.ts';
import type { TypeName } from '../resource-type.ts';
import { isEqual } from '../validation/equality.ts';
import type { AdmissionContext } from './context.ts';
import { prepareJob } from './prepare-job.ts';
import { preparePod, preparePodStatus, preparePodUpdate } from './prepare-pod.ts';
import { allocateService, keepAddresses } from './service-addresses.ts';

type Creation = (object: KubeObject, context: AdmissionContext) => KubeObject;
type Replacement = (object: KubeObject, old: KubeObject, context: AdmissionContext) => KubeObject;

const creations: Readonly<Record<TypeName, Creation>> = {
	pods: (object, { now }) => preparePod(object as Pod, now),
	namespaces: prepareNamespace,
	serviceaccounts: keepSecretNames,
	services: (object, context) => ({ ...allocateService(object, context), status: { loadBalancer: {} } }),
	persistentvolumeclaims: (object) => ({ ...object, status: { phase: 'Pending' } }),
	limitranges: nameLimitRange,
	'jobs.batch': prepareJob,
	'daemonsets.apps': (object) => countTemplates(object, 1),
	[definitionType]: (object) => keepStoredVersions({ ...object, status: { conditions: null } } as Definition),
};

const replacements: Readonly<Record<TypeName, Replacement>> = {
	pods: (object, old) => preparePodUpdate(object as Pod, old as Pod),
	namespaces: (object, old) => keepStatus({ ...nameNamespace(object), spec: old['spec'] }, old),
	serviceaccounts: keepSecretNames,
	secrets: (object, old) => (object['type'] ? object : { ...object, type: old['type'] }),
	services: (object, old, context) => keepStatus(keepAddresses(object, old, context), old),
	'daemonsets.apps': (object, old) => keepStatus(countTemplates(object, generationOf(object, old)), old),
	'deployments.apps': keepAndCount,
	[definitionType]: (object, old) => keepStoredVersions(keepStatus(object, old) as Definition),
};

/** An object without a status of its own kind's making starts with the one that admission gives it. */
export function prepareCreate(type: TypeName, object: KubeObject, context: AdmissionContext): KubeObject {
	return creations[type]?.(object, context) ?? object;
}

/** The versions that objects have been kept in: whatever is the storage version now, and those before it. */
function keepStoredVersions(definition: Definition): Definition {
	const { acceptedNames, conditions, storedVersions = [], ...status } = definition.status ?? {};
	const current = definition.spec.versions?.find(({ storage }) => storage)?.name;
	const isNew = current !== undefined && !storedVersions.includes(current);
	return {
		...definition,
		status: {
			...status,
			conditions: conditions ?? null,
			acceptedNames: acceptedNames ?? { plural: '', kind: '' },
			storedVersions: isNew ? [...storedVersions, current] : storedVersions,
		},
	};
}

/** A write to `status` changes nothing but the status, any other write everything but the status. */
export function prepareUpdate(
	type: TypeName,
	object: KubeObject,
	old: KubeObject,
	context: AdmissionContext,
): KubeObject {
	const { generation } = old.metadata;
	const metadata = { ...object.metadata, ...(generation !== undefined && { generation }) };
	const kept = { ...object, metadata };
	if (context.subresource === 'status') return prepareStatus(type, kept, old);
	if (context.subresource !== undefined && context.subresource !== 'scale') return kept;
	return replacements[type]?.(kept, old, context) ?? kept;
}

function prepareStatus(type: TypeName, object: KubeObject, old: KubeObject): KubeObject {
	if (type === 'pods') return preparePodStatus(object as Pod, old as Pod);
	return 'spec' in old ? { ...object, spec: old['spec'] } : object;
}

function keepStatus(object: KubeObject, old: KubeObject): KubeObject {
	return 'status' in old ? { ...object, status: old['status'] } : object;
}

/** Annotations of a Deployment are copied to its ReplicaSets, so a change of them counts, too. */
function keepAndCount(object: KubeObject, old: KubeObject): KubeObject {
	const isSame = isEqual(object['spec'], old['spec']) && isEqual(object.metadata.annotations, old.metadata.annotations);
	const generation = (old.metadata.generation ?? 0) + (isSame ? 0 : 1);
	return keepStatus({ ...object, metadata: { ...object.metadata, generation } }, old);
}

const templateGeneration = 'deprecated.daemonset.template.generation';

function countTemplates(object: KubeObject, generation: number): KubeObject {
	const annotations = { ...object.metadata.annotations, [templateGeneration]: String(generation) };
	return { ...object, metadata: { ...object.metadata, annotations } };
}

function generationOf(object: KubeObject, old: KubeObject): number {
	const template = ({ spec }: KubeObject) => (spec as { template?: unknown } | undefined)?.template;
	const before = Number(old.metadata.annotations?.[templateGeneration] ?? 1);
	return isEqual(template(object), template(old)) ? before : before + 1;
}

function prepareNamespace(object: KubeObject): KubeObject {
	const spec = (object['spec'] ?? {}) as { finalizers?: string[] };
	const finalizers = spec.finalizers ?? [];
	const complete = finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'];
	return { ...nameNamespace(object), spec: { ...spec, finalizers: complete }, status: { phase: 'Active' } };
}

function nameNamespace(object: KubeObject): KubeObject {
	const { metadata } = object;
	const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
	return { ...object, metadata: { ...metadata, labels } };
}

/** The one kind that may come without a name. */
function nameLimitRange(object: KubeObject): KubeObject {
	return object.metadata.name ? object : { ...object, metadata: { ...object.metadata, name: randomUUID() } };
}

/** Of a reference to a mountable Secret only the name is kept. */
function keepSecretNames(object: KubeObject): KubeObject {
	const secrets = object['secrets'] as { name?: string }[] | undefined;
	return secrets ? { ...object, secrets: secrets.map(({ name }) => (name === undefined ? {} : { name })) } : object;
}
