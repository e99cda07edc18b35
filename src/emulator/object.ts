/** Kubernetes objects as the emulator keeps them: plain JSON, never changed in place. */

export interface KubeObject {
	apiVersion: string;
	kind: string;
	metadata: ObjectMeta;
	[field: string]: unknown;
}

export interface ObjectMeta {
	name: string;
	/** Absent on cluster-scoped objects. */
	namespace?: string;
	generateName?: string;
	uid?: string;
	resourceVersion?: string;
	generation?: number;
	creationTimestamp?: string;
	deletionTimestamp?: string;
	deletionGracePeriodSeconds?: number;
	labels?: Record<string, string>;
	annotations?: Record<string, string>;
	finalizers?: string[];
	ownerReferences?: OwnerReference[];
	managedFields?: ManagedFields[];
	[field: string]: unknown;
}

export interface OwnerReference {
	apiVersion: string;
	kind: string;
	name: string;
	uid: string;
	controller?: boolean;
	blockOwnerDeletion?: boolean;
}

export interface ManagedFields {
	manager: string;
	operation: 'Apply' | 'Update';
	apiVersion: string;
	time?: string;
	fieldsType: 'FieldsV1';
	fieldsV1: FieldSet;
	subresource?: string;
}

/** `f:name`, `k:{"name":"app"}`, `v:"x"` and `.`, nested, as structured-merge-diff writes them. */
export interface FieldSet {
	[path: string]: FieldSet;
}

/** As Go declares the fields of ObjectMeta. */
const metadataOrder = [
	'name',
	'generateName',
	'namespace',
	'selfLink',
	'uid',
	'resourceVersion',
	'generation',
	'creationTimestamp',
	'deletionTimestamp',
	'deletionGracePeriodSeconds',
	'labels',
	'annotations',
	'ownerReferences',
	'finalizers',
	'managedFields',
] as const satisfies readonly (keyof ObjectMeta)[];

/** What is undefined is not written. */
export function sortMetadata(metadata: ObjectMeta): object {
	return Object.fromEntries(metadataOrder.map((name) => [name, metadata[name]]));
}
