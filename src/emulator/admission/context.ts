/** What admission sees beside the object: who asks, when, and a read-only look at the store. */

import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import { type StatusCause, StatusError } from '../status-error.ts';

export interface AdmissionContext {
	/** `namespace` empty for cluster-scoped objects. */
	get(type: TypeName, namespace: string, name: string): KubeObject | null;
	/** `namespace` null: in all of them. */
	list(type: TypeName, namespace: string | null): readonly KubeObject[];
	now: Date;
	/** Five characters of Kubernetes' random alphabet. */
	randomSuffix(): string;
	dryRun: boolean;
	user: { name: string; groups: readonly string[] };
	/** Text of a Warning header. */
	warn(text: string): void;
	/** `status`, `binding` … where the request is for one. */
	subresource?: string | undefined;
}

/** 403 as admission plugins word it. */
export function forbid(type: TypeName, name: string, reason: string, causes?: StatusCause[]): StatusError {
	const [resource = type, ...group] = type.split('.');
	const subject = name === '' ? type : `${type} "${name}"`;
	return new StatusError(403, 'Forbidden', `${subject} is forbidden: ${reason}`, {
		...(name !== '' && { name }),
		...(group.length > 0 && { group: group.join('.') }),
		kind: resource,
		...(causes && { causes }),
	});
}

export function notFound(type: TypeName, name: string): StatusError {
	const [resource = type, ...group] = type.split('.');
	return new StatusError(404, 'NotFound', `${type} "${name}" not found`, {
		name,
		...(group.length > 0 && { group: group.join('.') }),
		kind: resource,
	});
}
