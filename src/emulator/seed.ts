/** What a new cluster has before anybody has asked for anything. */

import type { Core } from './operations/core.ts';
import { createObject } from './operations/create.ts';
import { findTypeNamed } from './schema/index.ts';

const caller = { username: 'system:apiserver', groups: ['system:masters'] };
const context = {
	caller,
	isDryRun: false,
	fieldManager: 'kube-apiserver',
	fieldValidation: 'Ignore' as const,
	warn: () => {},
};

export function seedCluster(core: Core): void {
	for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
		const type = findTypeNamed('namespaces');
		if (type === null) throw new Error('there are no namespaces');
		const namespace = { metadata: { name }, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
		createObject(core, { type, namespace: '', name: '', subresource: '' }, namespace, context);
	}
}
