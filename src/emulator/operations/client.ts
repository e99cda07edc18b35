/** The API from within: the ClusterClient of controllers and the kubelet, over the same operations as HTTP. */

import type { ClusterClient, DeleteOptions, WriteOptions } from '../cluster-client.ts';
import { findCustomTypeNamed } from '../custom/types.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceType, TypeName } from '../resource-type.ts';
import { findTypeNamed } from '../schema/index.ts';
import type { Change } from '../store.ts';
import { bindPod } from './binding.ts';
import type { Caller, Core, Target, WriteContext } from './core.ts';
import { createObject } from './create.ts';
import { deleteObject } from './delete.ts';
import { parseLabelSelector } from './label-selector.ts';
import { keyFor } from './read.ts';
import { changeObject } from './update.ts';
import { storageType } from './versions.ts';

/** `name`: of the component, as managedFields and events say it, e.g. `kube-controller-manager`. */
export function createClient(core: Core, name: string, caller: Caller): ClusterClient {
	const contextFor = (options: WriteOptions = {}): WriteContext => ({
		caller,
		isDryRun: false,
		fieldManager: options.fieldManager ?? name,
		fieldValidation: 'Ignore',
		warn: () => {},
	});
	const targetOf = (type: TypeName, namespace: string, objectName: string, subresource = ''): Target => ({
		type: findByName(core, type),
		namespace,
		name: objectName,
		subresource,
	});
	return {
		get: <T extends KubeObject>(type: TypeName, namespace: string, objectName: string) =>
			core.store.get({ type, namespace, name: objectName }) as T | null,
		list: <T extends KubeObject>(type: TypeName, namespace: string | null, labelSelector = '') => {
			const all = core.store.list(type, namespace) as readonly T[];
			if (labelSelector === '') return all;
			const matches = parseLabelSelector(labelSelector);
			return all.filter((object) => matches(object.metadata.labels));
		},
		create<T extends KubeObject>(type: TypeName, namespace: string, object: object, options?: WriteOptions) {
			const target = targetOf(type, namespace, '', options?.subresource);
			if (options?.subresource === 'binding') {
				const { name: pod } = (object as KubeObject).metadata;
				bindPod(core, { ...target, name: pod }, object, contextFor(options));
				return core.store.get(keyFor({ ...target, name: pod })) as T;
			}
			return createObject(core, target, object, contextFor(options)) as T;
		},
		update<T extends KubeObject>(
			type: TypeName,
			namespace: string,
			objectName: string,
			change: (object: T) => T,
			options?: WriteOptions,
		) {
			const target = targetOf(type, namespace, objectName, options?.subresource);
			const live = core.store.get(keyFor(target)) as T | null;
			if (live === null) return null;
			const wanted = change(live);
			return wanted === live ? live : (changeObject(core, target, () => wanted, contextFor(options)) as T);
		},
		delete(type: TypeName, namespace: string, objectName: string, options: DeleteOptions = {}) {
			const { uid, ...rest } = options;
			const preconditions = uid === undefined ? {} : { preconditions: { uid } };
			deleteObject(core, targetOf(type, namespace, objectName), { ...rest, ...preconditions }, contextFor());
		},
		watch(types: readonly TypeName[] | null, onChange: (change: Change) => void) {
			if (types === null) return core.store.watch(onChange);
			const wanted = new Set(types.map((type) => storageType(findByName(core, type))));
			return core.store.watch((change) => {
				if (wanted.has(change.key.type)) onChange(change);
			});
		},
	};
}

function findByName({ store }: Core, name: TypeName): ResourceType {
	const found = findTypeNamed(name) ?? findCustomTypeNamed(store, name);
	if (found === null) throw new Error(`there are no ${name}`);
	return found;
}
