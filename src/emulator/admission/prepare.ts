/** What the registry sets on an object before it is validated, whatever was sent (kubernetes pkg/registry, strategy.go). */

import type { KubeObject } from '../object.ts';
import type { Pod } from '../pod.ts';
import type { TypeName } from '../resource-type.ts';
import type { AdmissionContext } from './context.ts';
import { preparePod, preparePodStatus, preparePodUpdate } from './prepare-pod.ts';

type Creation = (object: KubeObject, context: AdmissionContext) => KubeObject;
type Replacement = (object: KubeObject, old: KubeObject, context: AdmissionContext) => KubeObject;

const creations: Readonly<Record<TypeName, Creation>> = {
	pods: (object) => preparePod(object as Pod),
	namespaces: prepareNamespace,
	serviceaccounts: keepSecretNames,
};

const replacements: Readonly<Record<TypeName, Replacement>> = {
	pods: (object, old) => preparePodUpdate(object as Pod, old as Pod),
	namespaces: (object, old) => ({ ...nameNamespace(object), spec: old['spec'], status: old['status'] }),
	serviceaccounts: keepSecretNames,
	secrets: (object, old) => (object['type'] ? object : { ...object, type: old['type'] }),
};

export function prepareCreate(type: TypeName, object: KubeObject, context: AdmissionContext): KubeObject {
	return creations[type]?.(object, context) ?? object;
}

/** A write to `status` changes nothing but the status, any other write everything but the status. */
export function prepareUpdate(
	type: TypeName,
	object: KubeObject,
	old: KubeObject,
	context: AdmissionContext,
): KubeObject {
	const metadata = { ...object.metadata, ...(old.metadata.generation && { generation: old.metadata.generation }) };
	const kept = { ...object, metadata };
	if (context.subresource === 'status') return prepareStatus(type, kept, old);
	return replacements[type]?.(kept, old, context) ?? kept;
}

function prepareStatus(type: TypeName, object: KubeObject, old: KubeObject): KubeObject {
	if (type === 'pods') return preparePodStatus(object as Pod, old as Pod);
	return 'spec' in old ? { ...object, spec: old['spec'] } : object;
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

/** Of a reference to a mountable Secret only the name is kept. */
function keepSecretNames(object: KubeObject): KubeObject {
	const secrets = object['secrets'] as { name?: string }[] | undefined;
	return secrets ? { ...object, secrets: secrets.map(({ name }) => (name === undefined ? {} : { name })) } : object;
}
