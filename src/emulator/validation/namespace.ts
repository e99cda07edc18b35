/** Namespaces (kubernetes pkg/apis/core/validation). */

import type { KubeObject } from '../object.ts';
import { type FieldError, invalid } from './field-error.ts';
import { checkQualifiedName } from './formats.ts';

export interface Namespace extends KubeObject {
	spec?: { finalizers?: string[] };
	status?: { phase?: string };
}

export function* validateNamespace(namespace: Namespace): Generator<FieldError> {
	for (const finalizer of namespace.spec?.finalizers ?? [])
		for (const text of checkQualifiedName(finalizer)) yield invalid('spec.finalizers', finalizer, text);
}

export function* validateNamespaceStatus(namespace: Namespace): Generator<FieldError> {
	const isDeleted = Boolean(namespace.metadata.deletionTimestamp);
	const wanted = isDeleted ? 'Terminating' : 'Active';
	const phase = namespace.status?.phase ?? '';
	const when = isDeleted ? '`deletionTimestamp` is not empty' : '`deletionTimestamp` is empty';
	if (phase !== wanted) yield invalid('status.Phase', phase, `may only be '${wanted}' if ${when}`);
}
