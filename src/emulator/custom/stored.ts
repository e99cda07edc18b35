/** Custom objects between the store and a version: by its name, pruned and with the defaults that its schema has now. */

import type { KubeObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import type { CustomType } from './custom-type.ts';
import { fillDefaults } from './defaults.ts';
import { pruneObject } from './prune.ts';

const shown = new WeakMap<CustomType, WeakMap<KubeObject, KubeObject>>();

export function showCustom({ group, version }: ResourceType, custom: CustomType, stored: KubeObject): KubeObject {
	const known = shown.get(custom) ?? new WeakMap<KubeObject, KubeObject>();
	shown.set(custom, known);
	const object = known.get(stored) ?? show(`${group}/${version}`, custom, stored);
	known.set(stored, object);
	return object;
}

function show(apiVersion: string, { schema }: CustomType, stored: KubeObject): KubeObject {
	const { value } = pruneObject({ ...stored, apiVersion }, schema);
	return fillDefaults(value, schema) as KubeObject;
}

export function storeCustom({ group }: ResourceType, { storageVersion }: CustomType, object: KubeObject): KubeObject {
	return { ...object, apiVersion: `${group}/${storageVersion}` };
}
