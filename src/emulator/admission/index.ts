/** Admission: what the API server changes about a request and refuses, in the order of its plugins. */

import type { KubeObject } from '../object.ts';
import type { Pod } from '../pod.ts';
import type { TypeName } from '../resource-type.ts';
import type { AdmissionContext } from './context.ts';
import { checkNamespace, keepImmortal } from './namespace-lifecycle.ts';
import { prepareCreate, prepareUpdate } from './prepare.ts';
import { addServiceAccount } from './service-account.ts';

export type { AdmissionContext } from './context.ts';

/**
 * First stage, before validation: completes a decoded object that has its defaults, name, namespace and uid.
 * Throws StatusError where a plugin refuses.
 */
export function admitCreate(type: TypeName, object: KubeObject, context: AdmissionContext): KubeObject {
	checkNamespace(type, object, context, true);
	return prepareCreate(type, mutateCreate(type, object, context), context);
}

/** Second stage, after validation: the plugins that only look. Throws StatusError where one refuses; `context.warn` may be called. */
export function reviewCreate(_type: TypeName, _object: KubeObject, _context: AdmissionContext): void {}

/** First stage of update and patch, before validation. `context.subresource` tells a write to `status`. */
export function admitUpdate(
	type: TypeName,
	object: KubeObject,
	old: KubeObject,
	context: AdmissionContext,
): KubeObject {
	checkNamespace(type, object, context, false);
	return prepareUpdate(type, object, old, context);
}

/** Second stage of update and patch, after validation. */
export function reviewUpdate(
	_type: TypeName,
	_object: KubeObject,
	_old: KubeObject,
	_context: AdmissionContext,
): void {}

/** Before an object is deleted. */
export function admitDelete(type: TypeName, object: KubeObject, _context: AdmissionContext): void {
	keepImmortal(type, object.metadata.name);
}

function mutateCreate(type: TypeName, object: KubeObject, context: AdmissionContext): KubeObject {
	if (type !== 'pods') return object;
	return addServiceAccount(object as Pod, context);
}
