/** Admission: what the API server changes about a request and refuses, in the order of its plugins. */

import type { KubeObject } from '../object.ts';
import type { Pod } from '../pod.ts';
import type { TypeName } from '../resource-type.ts';
import type { AdmissionContext } from './context.ts';
import { applyLimitRanges, checkClaimLimits, checkLimitRanges } from './limit-ranges.ts';
import { checkNamespace, keepImmortal } from './namespace-lifecycle.ts';
import { addTolerations, keepPriority, reviewPriorityClass, setPriority } from './pod-defaults.ts';
import { reviewPodSecurity } from './pod-security.ts';
import { prepareCreate, prepareUpdate } from './prepare.ts';
import { checkQuotas } from './resource-quota.ts';
import { applyRuntimeClass } from './runtime-class.ts';
import { addServiceAccount } from './service-account.ts';
import { completeClaim, protect } from './storage-class.ts';

export type { AdmissionContext } from './context.ts';

/**
 * First stage, before validation: completes a decoded object that has its defaults, name, namespace and uid.
 * Throws StatusError where a plugin refuses.
 */
export function admitCreate(type: TypeName, object: KubeObject, context: AdmissionContext): KubeObject {
	checkNamespace(type, object, context, true);
	if (context.subresource !== undefined) return object;
	return prepareCreate(type, mutateCreate(type, object, context), context);
}

/** Second stage, after validation: the plugins that only look. Throws StatusError where one refuses; `context.warn` may be called. */
export function reviewCreate(type: TypeName, object: KubeObject, context: AdmissionContext): void {
	if (context.subresource !== undefined) return;
	if (type === 'pods') checkLimitRanges(object as Pod, context);
	if (type === 'persistentvolumeclaims') checkClaimLimits(object, context);
	reviewPodSecurity(type, object, null, context);
	if (type === 'priorityclasses.scheduling.k8s.io') reviewPriorityClass(object, context, true);
	checkQuotas(type, object, null, context);
}

/** First stage of update and patch, before validation. `context.subresource` tells a write to `status`. */
export function admitUpdate(
	type: TypeName,
	object: KubeObject,
	old: KubeObject,
	context: AdmissionContext,
): KubeObject {
	checkNamespace(type, object, context, false);
	const isWhole = context.subresource === undefined;
	const kept = type === 'pods' && isWhole ? addTolerations(keepPriority(object as Pod, old as Pod)) : object;
	return prepareUpdate(type, kept, old, context);
}

/** Second stage of update and patch, after validation. */
export function reviewUpdate(type: TypeName, object: KubeObject, old: KubeObject, context: AdmissionContext): void {
	if (context.subresource === 'status') return;
	reviewPodSecurity(type, object, old, context);
	if (type === 'priorityclasses.scheduling.k8s.io') reviewPriorityClass(object, context, false);
	checkQuotas(type, object, old, context);
}

/** Before an object is deleted. */
export function admitDelete(type: TypeName, object: KubeObject, _context: AdmissionContext): void {
	keepImmortal(type, object.metadata.name);
}

function mutateCreate(type: TypeName, object: KubeObject, context: AdmissionContext): KubeObject {
	if (type === 'persistentvolumeclaims') return completeClaim(object, context);
	if (type === 'persistentvolumes') return protect(object, 'kubernetes.io/pv-protection');
	if (type !== 'pods') return object;
	const limited = applyLimitRanges(object as Pod, context);
	return applyRuntimeClass(addTolerations(setPriority(addServiceAccount(limited, context), context)), context);
}
