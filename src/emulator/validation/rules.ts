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
	/** Only the name that was generated counts, not what it was generated from. */
	ignoresGenerateName?: boolean;
	name: NameRule;
	/** The object as its rules see it. Default: as it is. */
	view?(object: KubeObject): KubeObject;
	/** Holds of every object, old or new; metadata apart. */
	always?(object: KubeObject): Findings;
	/** Holds of a new object. */
	creation?(object: KubeObject): Findings;
	/** Holds of a change. */
	change?(object: KubeObject, old: KubeObject): Findings;
	/** What an update is held to beside the common rules, in this order. Default: each part once. */
	updateParts?: readonly UpdatePart[];
	/** Holds of a write to `status`. */
	status?(object: KubeObject, old: KubeObject): Findings;
	warnings?(object: KubeObject, old: KubeObject | undefined): string[];
}

export type UpdatePart = 'metadataChange' | 'change' | 'metadata' | 'always' | 'creation';

export function collectCreateErrors(rules: KindRules, given: KubeObject): FieldError[] {
	const object = rules.view?.(given) ?? given;
	const own = [
		...validateObjectMeta(object.metadata, rules),
		...(rules.always?.(object) ?? []),
		...(rules.creation?.(object) ?? []),
	];
	return own.length > 0 ? own : [...validateObjectMeta(object.metadata, asCommon(rules))];
}

/** What the common rules found is found again by the kind's own: causes repeat, as they really do. */
export function collectUpdateErrors(rules: KindRules, given: KubeObject, old: KubeObject): FieldError[] {
	const object = rules.view?.(given) ?? given;
	const parts: Record<UpdatePart, () => Findings> = {
		metadataChange: () => validateObjectMetaUpdate(object.metadata, old.metadata, rules.isCore),
		change: () => rules.change?.(object, old) ?? [],
		metadata: () => validateObjectMeta(object.metadata, rules),
		always: () => rules.always?.(object) ?? [],
		creation: () => rules.creation?.(object) ?? [],
	};
	const wanted = rules.updateParts ?? ['metadataChange', 'change', 'metadata', 'always'];
	return [...collectMetaErrors(rules, object, old), ...wanted.flatMap((part) => [...parts[part]()])];
}

export function collectStatusErrors(rules: KindRules, object: KubeObject, old: KubeObject): FieldError[] {
	const own = validateObjectMetaUpdate(object.metadata, old.metadata, rules.isCore);
	return [...collectMetaErrors(rules, object, old), ...own, ...(rules.status?.(object, old) ?? [])];
}

function collectMetaErrors(rules: KindRules, object: KubeObject, old: KubeObject): FieldError[] {
	return [
		...validateObjectMeta(object.metadata, asCommon(rules)),
		...validateObjectMetaUpdate(object.metadata, old.metadata),
	];
}

/** What the registry asks of every kind, after the kind's own rules. */
function asCommon(rules: KindRules): MetaRule {
	return { isNamespaced: rules.isNamespaced, name: checkPathSegment };
}
