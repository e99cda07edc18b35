/** How one kind of object is validated; the shelf of all kinds is kinds.ts. */

import type { KubeObject } from '../object.ts';
import type { FieldError, Findings } from './field-error.ts';
import { checkPathSegment, type NameRule } from './formats.ts';
import { type MetaRule, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts';

export interface KindRules {
	/** `Pod`, `Deployment.apps` */
	kind: string;
	isNamespaced: boolean;
	/** Core kinds are stricter about finalizers. */
	isCore: boolean;
	name: NameRule;
	/** Everything but the metadata. */
	create?(object: KubeObject): Findings;
	/** What holds of an update beside `create`'s rules and the metadata. */
	update?(object: KubeObject, old: KubeObject): Findings;
	/** An update is not held to the rules of `create`. */
	updatesFreely?: boolean;
	status?(object: KubeObject, old: KubeObject): Findings;
	warnings?(object: KubeObject, old: KubeObject | undefined): string[];
}

export function collectCreateErrors(rules: KindRules, object: KubeObject): FieldError[] {
	const own = [...validateObjectMeta(object.metadata, rules), ...(rules.create?.(object) ?? [])];
	return own.length > 0 ? own : [...validateObjectMeta(object.metadata, asCommon(rules))];
}

/** The common rules come first and are not left out where the kind's own say the same: causes repeat, as they really do. */
export function collectUpdateErrors(rules: KindRules, object: KubeObject, old: KubeObject): FieldError[] {
	return [
		...validateObjectMeta(object.metadata, asCommon(rules)),
		...validateObjectMetaUpdate(object.metadata, old.metadata),
		...validateObjectMetaUpdate(object.metadata, old.metadata, rules.isCore),
		...(rules.update?.(object, old) ?? []),
		...(rules.updatesFreely ? [] : validateObjectMeta(object.metadata, rules)),
		...(rules.updatesFreely ? [] : (rules.create?.(object) ?? [])),
	];
}

export function collectStatusErrors(rules: KindRules, object: KubeObject, old: KubeObject): FieldError[] {
	return [
		...validateObjectMeta(object.metadata, asCommon(rules)),
		...validateObjectMetaUpdate(object.metadata, old.metadata),
		...validateObjectMetaUpdate(object.metadata, old.metadata, rules.isCore),
		...(rules.status?.(object, old) ?? []),
	];
}

/** What the registry asks of every kind, after the kind's own rules. */
function asCommon(rules: KindRules): MetaRule {
	return { isNamespaced: rules.isNamespaced, name: checkPathSegment };
}
