/** The API as controllers and the kubelet use it: within the process, with the same admission and validation as over HTTP. */

import type { KubeObject } from './object.ts';
import type { TypeName } from './resource-type.ts';
import type { Change } from './store.ts';

export interface WriteOptions {
	/** `status`, `scale`, `binding` … */
	subresource?: string;
	/** Default: the name of the caller's `ClusterClient`. */
	fieldManager?: string;
}

/** Every function that writes throws StatusError as the API server would answer it. Names of types: `pods`, `deployments.apps`. */
export interface ClusterClient {
	get<T extends KubeObject>(type: TypeName, namespace: string, name: string): T | null;
	/** `namespace` null: in all of them. */
	list<T extends KubeObject>(type: TypeName, namespace: string | null, labelSelector?: string): readonly T[];
	create<T extends KubeObject>(type: TypeName, namespace: string, object: object, options?: WriteOptions): T;
	/** Reads, lets `change` make a new object of it, and writes it; `change` giving back its argument writes nothing. Null where it is gone. */
	update<T extends KubeObject>(
		type: TypeName,
		namespace: string,
		name: string,
		change: (object: T) => T,
		options?: WriteOptions,
	): T | null;
	delete(type: TypeName, namespace: string, name: string, options?: DeleteOptions): void;
	/** Told of every change of these types after it has been stored; null: of all. Gives back how to stop. */
	watch(types: readonly TypeName[] | null, onChange: (change: Change) => void): () => void;
}

export interface DeleteOptions {
	gracePeriodSeconds?: number;
	propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
	/** Deletes only the object that has this uid. */
	uid?: string;
}
