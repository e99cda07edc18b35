/** Nothing is made in a namespace that is absent or on its way out, and some objects are never deleted. */

import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import { type AdmissionContext, forbid, notFound } from './context.ts';

const immortal = ['default', 'kube-system', 'kube-public'];
const systemClasses = ['system-node-critical', 'system-cluster-critical'];

export function checkNamespace(type: TypeName, object: KubeObject, context: AdmissionContext, isCreate: boolean): void {
	const { namespace = '', name = '' } = object.metadata;
	if (namespace === '' || type === 'namespaces') return;
	const found = context.get('namespaces', '', namespace);
	if (!found) throw notFound('namespaces', namespace);
	const phase = (found['status'] as { phase?: string } | undefined)?.phase;
	if (!isCreate || phase !== 'Terminating') return;
	throw forbid(type, name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
		{
			reason: 'NamespaceTerminating',
			message: `namespace ${namespace} is being terminated`,
			field: 'metadata.namespace',
		},
	]);
}

export function keepImmortal(type: TypeName, name: string): void {
	if (type === 'namespaces' && immortal.includes(name)) throw forbid(type, name, 'this namespace may not be deleted');
	if (type === 'priorityclasses.scheduling.k8s.io' && systemClasses.includes(name)) {
		throw forbid(type, name, 'this is a system priority class and cannot be deleted');
	}
}
