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
	/** Holds of every object, old or new; metadata apart. */
	always?(object: KubeObject): Findings;
	/** Holds of a new object. */
	creation?(object: KubeObject): Findings;
	/** Holds of a change. */
	change?(object: KubeObject, old: KubeObject): Findings;
	/** What an update is held to beside the rules for changes of metadata, in this order. Default: all of it. */
	updateParts?: readonly UpdatePart[];
	/** Holds of a write to `status`. */
	status?(object: KubeObject, old: KubeObject): Findings;
	warnings?(object: KubeObject, old: KubeObject | undefined): string[];
}

export type UpdatePart = 'change' | 'metadata' | 'always';

export function collectCreateErrors(rules: KindRules, object: KubeObject): FieldError[] {
	const own = [
		...validateObjectMeta(object.metadata, rules),
		...(rules.always?.(object) ?? []),
		...(rules.creation?.(object) ?? []),
	];
	return own.length > 0 ? own : [...validateObjectMeta(object.metadata, asCommon(rules))];
}

/** What the common rules found is found again by the kind's own: causes repeat, as they really do. */
export function collectUpdateErrors(rules: KindRules, object: KubeObject, old: KubeObject): FieldError[] {
	const parts: Record<UpdatePart, () => Findings> = {
		change: () => rules.change?.(object, old) ?? [],
		metadata: () => validateObjectMeta(object.metadata, rules),
		always: () => rules.always?.(object) ?? [],
	};
	const wanted = rules.updateParts ?? ['change', 'metadata', 'always'];
	return [...collectMetaErrors(rules, object, old), ...wanted.flatMap((part) => [...parts[part]()])];
}

export function collectStatusErrors(rules: KindRules, object: KubeObject, old: KubeObject): FieldError[] {
	return [...collectMetaErrors(rules, object, old), ...(rules.status?.(object, old) ?? [])];
}

function collectMetaErrors(rules: KindRules, object: KubeObject, old: KubeObject): FieldError[] {
	return [
		...validateObjectMeta(object.metadata, asCommon(rules)),
		...validateObjectMetaUpdate(object.metadata, old.metadata),
		...validateObjectMetaUpdate(object.metadata, old.metadata, rules.isCore),
	];
}

/** What the registry asks of every kind, after the kind's own rules. */
function asCommon(rules: KindRules): MetaRule {
	return { isNamespaced: rules.isNamespaced, name: checkPathSegment };
}
