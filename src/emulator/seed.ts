/** What a new cluster has before anybody has asked for anything: recorded from a real one, and made anew. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackageFolder } from '../package-root.ts';
import type { KubeObject } from './object.ts';
import type { Core } from './operations/core.ts';
import { createObject } from './operations/create.ts';
import { findKind } from './schema/index.ts';

const context = {
	caller: { username: 'system:apiserver', groups: ['system:masters'] },
	isDryRun: false,
	fieldManager: 'kube-apiserver',
	fieldValidation: 'Ignore' as const,
	warn: () => {},
};

export function seedCluster(core: Core): void {
	const namespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default'].map((name) => ({
		apiVersion: 'v1',
		kind: 'Namespace',
		metadata: { name },
	}));
	const recorded = JSON.parse(
		readFileSync(join(findPackageFolder('api-schema'), 'bootstrap.json'), 'utf8'),
	) as KubeObject[];
	for (const object of [...namespaces, ...recorded]) plant(core, object);
}

function plant(core: Core, object: KubeObject): void {
	const type = findKind(object.apiVersion, object.kind);
	if (type === null) throw new Error(`there is no ${object.kind} in ${object.apiVersion}`);
	const namespace = object.metadata.namespace ?? '';
	createObject(core, { type, namespace, name: '', subresource: '' }, object, context);
}
