/** Admission and validation around every write, with what they are handed. */

import * as admission from '../admission/index.ts';
import { rulesOfCustom } from '../custom/rules.ts';
import type { KubeObject } from '../object.ts';
import { nameType, type ResourceType } from '../resource-type.ts';
import {
	type FieldError,
	invalidStatus,
	type KindRules,
	validateCreate,
	validateUpdate,
	warningsFor,
} from '../validation/index.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { generateSuffix } from './names.ts';

export function admitNew(core: Core, target: Target, object: KubeObject, context: WriteContext): KubeObject {
	return admission.admitCreate(nameType(target.type), object, contextOf(core, target, context));
}

/** Throws 422, or what a plugin says. */
export function reviewNew(core: Core, target: Target, object: KubeObject, context: WriteContext): void {
	const name = nameType(target.type);
	const rules = rulesOf(target.type);
	refuse(target, object, validateCreate(name, object, rules));
	for (const warning of warningsFor(name, object, undefined, rules)) context.warn(warning);
	admission.reviewCreate(name, object, contextOf(core, target, context));
}

/** What they may change has been taken apart already; the rules of the whole object would take it back. */
const partial = new Set(['finalize', 'approval', 'ephemeralcontainers']);

export function admitChange(
	core: Core,
	target: Target,
	object: KubeObject,
	old: KubeObject,
	context: WriteContext,
): KubeObject {
	if (partial.has(target.subresource)) return object;
	return admission.admitUpdate(nameType(target.type), object, old, contextOf(core, target, context));
}

/** Throws 422, or what a plugin says. */
export function reviewChange(
	core: Core,
	target: Target,
	object: KubeObject,
	old: KubeObject,
	context: WriteContext,
): void {
	if (partial.has(target.subresource)) return;
	const name = nameType(target.type);
	const rules = rulesOf(target.type);
	refuse(target, object, validateUpdate(name, object, old, target.subresource, rules));
	for (const warning of warningsFor(name, object, old, rules)) context.warn(warning);
	admission.reviewUpdate(name, object, old, contextOf(core, target, context));
}

export function admitDeletion(core: Core, target: Target, object: KubeObject, context: WriteContext): void {
	admission.admitDelete(nameType(target.type), object, contextOf(core, target, context));
}

/** Undefined: those of its name. */
function rulesOf(type: ResourceType): KindRules | undefined {
	return type.custom && rulesOfCustom(type, type.custom);
}

function refuse({ type }: Target, { metadata }: KubeObject, errors: readonly FieldError[]): void {
	if (errors.length === 0) return;
	const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
	throw invalidStatus(nameType(type), metadata.name ?? '', errors, kind);
}

function contextOf({ store, clock }: Core, { subresource }: Target, context: WriteContext): admission.AdmissionContext {
	return {
		get: (type, namespace, name) => store.get({ type, namespace, name }),
		list: (type, namespace) => store.list(type, namespace),
		now: clock.now(),
		randomSuffix: generateSuffix,
		dryRun: context.isDryRun,
		user: { name: context.caller.username, groups: context.caller.groups },
		warn: (text) => context.warn(text),
		...(subresource !== '' && { subresource }),
	};
}
