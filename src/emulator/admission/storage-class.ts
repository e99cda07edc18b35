/** A claim that names no class gets the default one, and the protection that keeps it while it is in use. */

import type { KubeObject } from '../object.ts';
import type { AdmissionContext } from './context.ts';

const classes = 'storageclasses.storage.k8s.io';
const marks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export function completeClaim(claim: KubeObject, context: AdmissionContext): KubeObject {
	const spec = (claim['spec'] ?? {}) as { storageClassName?: string };
	const { annotations = {} } = claim.metadata;
	const isChosen =
		spec.storageClassName !== undefined || annotations['volume.beta.kubernetes.io/storage-class'] !== undefined;
	const name = isChosen ? undefined : findDefaultClass(context);
	return {
		...protect(claim, 'kubernetes.io/pvc-protection'),
		spec: { ...spec, ...(name !== undefined && { storageClassName: name }) },
	};
}

/** With the finalizer that keeps it while it is in use. */
export function protect(object: KubeObject, finalizer: string): KubeObject {
	const { finalizers = [] } = object.metadata;
	if (finalizers.includes(finalizer)) return object;
	return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}

/** Of several the newest, then the first by name. */
function findDefaultClass(context: AdmissionContext): string | undefined {
	const defaults = context
		.list(classes, null)
		.filter(({ metadata }) => marks.some((mark) => metadata.annotations?.[mark] === 'true'));
	const age = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp ?? '') || 0;
	return [...defaults].sort(
		(left, right) => age(right) - age(left) || (left.metadata.name < right.metadata.name ? -1 : 1),
	)[0]?.metadata.name;
}
