/** From the objects that a new cluster has to what the API server stores of them, but for what is new in each cluster. */

import { systemTimers } from '../src/emulator/clock/system.ts';
import type { KubeObject } from '../src/emulator/object.ts';
import { createObject } from '../src/emulator/operations/create.ts';
import { findKind } from '../src/emulator/schema/index.ts';
import { MemoryStore } from '../src/emulator/store/memory.ts';

const context = {
	caller: { username: 'system:apiserver', groups: ['system:masters'] },
	isDryRun: false,
	fieldManager: 'kube-apiserver',
	fieldValidation: 'Ignore' as const,
	warn: () => {},
};

/** In the same order; each with its type. */
export function completeBootstrap(objects: readonly KubeObject[]): [string, KubeObject][] {
	const completed: [string, KubeObject][] = [];
	const store = new MemoryStore({
		keep: ({ type }, object) => void (object !== null && completed.push([type, strip(object)])),
	});
	for (const object of objects) {
		const type = findKind(object.apiVersion, object.kind);
		if (type === null) throw new Error(`there is no ${object.kind} in ${object.apiVersion}`);
		const namespace = object.metadata.namespace ?? '';
		createObject({ store, clock: systemTimers }, { type, namespace, name: '', subresource: '' }, object, context);
	}
	return completed;
}

function strip(object: KubeObject): KubeObject {
	const { uid: _uid, creationTimestamp: _created, resourceVersion: _version, managedFields, ...kept } = object.metadata;
	const managers = (managedFields ?? []).map(({ time: _time, ...manager }) => manager);
	return { ...object, metadata: { ...kept, managedFields: managers } };
}
