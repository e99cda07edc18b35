/** Small objects to store. */

import type { KubeObject } from '../../../src/emulator/object.ts';
import type { ObjectKey } from '../../../src/emulator/store.ts';

export function keyOf(name: string, namespace = 'default'): ObjectKey {
	return { type: 'configmaps', namespace, name };
}

export function configMap(name: string, value = '', namespace = 'default'): KubeObject {
	return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { value } };
}
