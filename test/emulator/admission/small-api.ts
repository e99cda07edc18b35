/** The operations of an API server on a store in memory, for tests: no HTTP, no controllers, no kubelet. */

import { systemTimers } from '../../../src/emulator/clock/system.ts';
import type { KubeObject } from '../../../src/emulator/object.ts';
import type { Core, Target, WriteContext } from '../../../src/emulator/operations/core.ts';
import { createObject } from '../../../src/emulator/operations/create.ts';
import { deleteObject } from '../../../src/emulator/operations/delete.ts';
import { replaceObject } from '../../../src/emulator/operations/update.ts';
import { findTypeNamed } from '../../../src/emulator/schema/index.ts';
import { seedCluster } from '../../../src/emulator/seed.ts';
import { MemoryStore } from '../../../src/emulator/store/memory.ts';

export interface Call {
	type: string;
	namespace?: string;
	name?: string;
	subresource?: string;
	isDryRun?: boolean;
	/** Takes the warnings. */
	warnings?: string[];
}

export interface SmallApi {
	create(call: Call, object: Record<string, unknown>): KubeObject;
	replace(call: Call, object: Record<string, unknown>): KubeObject;
	delete(call: Call): void;
	get(call: Call): KubeObject | null;
	/** A namespace with what its controller puts into it. */
	createNamespace(name: string, labels?: Record<string, string>): void;
}

export function startSmallApi(): SmallApi {
	const core: Core = { store: new MemoryStore(), clock: systemTimers };
	seedCluster(core);
	const create = (call: Call, object: Record<string, unknown>) =>
		createObject(core, targetOf(call), object, contextOf(call));
	return {
		create,
		replace: (call, object) => replaceObject(core, targetOf(call), object, contextOf(call)).object,
		delete: (call) => void deleteObject(core, targetOf(call), {}, contextOf(call)),
		get: ({ type, namespace = '', name = '' }) => core.store.get({ type, namespace, name }),
		createNamespace(name, labels = {}) {
			create({ type: 'namespaces' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
			const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
			create({ type: 'serviceaccounts', namespace: name }, account);
			const trust = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt' } };
			create({ type: 'configmaps', namespace: name }, trust);
		},
	};
}

function targetOf({ type: typeName, namespace = '', name = '', subresource = '' }: Call): Target {
	const type = findTypeNamed(typeName);
	if (!type) throw new Error(`no type ${typeName}`);
	return { type, namespace, name, subresource };
}

function contextOf({ isDryRun = false, warnings = [] }: Call): WriteContext {
	return {
		caller: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
		isDryRun,
		fieldManager: 'test',
		fieldValidation: 'Strict',
		warn: (text) => warnings.push(text),
	};
}
