/** Validation: what the API server finds wrong with an object, field by field, in its own words. */

import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import type { StatusError } from '../status-error.ts';
import { withoutNulls } from './equality.ts';
import type { FieldError } from './field-error.ts';
import { createInvalidStatus } from './invalid-status.ts';
import { kinds } from './kinds.ts';
import { collectCreateErrors, collectStatusErrors, collectUpdateErrors, type KindRules } from './rules.ts';

export type { FieldError } from './field-error.ts';
export { createInvalidStatus } from './invalid-status.ts';
export type { KindRules } from './rules.ts';

/**
 * Of an object that admission has completed and that has a name. Kinds without rules here have nothing wrong; those that
 * a definition makes bring theirs.
 */
export function validateCreate(
	type: TypeName,
	object: KubeObject,
	rules: KindRules | undefined = kinds[type],
): FieldError[] {
	return rules ? collectCreateErrors(rules, withoutNulls(object)) : [];
}

/** `subresource`: `status` is held to rules of its own. */
export function validateUpdate(
	type: TypeName,
	object: KubeObject,
	old: KubeObject,
	subresource?: string,
	rules: KindRules | undefined = kinds[type],
): FieldError[] {
	if (!rules) return [];
	const collect = subresource === 'status' ? collectStatusErrors : collectUpdateErrors;
	return collect(rules, withoutNulls(object), withoutNulls(old));
}

/** Texts of the Warning headers for an object that is valid. */
export function warningsFor(
	type: TypeName,
	object: KubeObject,
	old?: KubeObject,
	rules: KindRules | undefined = kinds[type],
): string[] {
	return rules?.warnings?.(withoutNulls(object), old) ?? [];
}

/** The 422 for these errors. `kind` is only needed for types that have no rules here. */
export function invalidStatus(
	type: TypeName,
	name: string,
	errors: readonly FieldError[],
	kind: string = kinds[type]?.kind ?? type,
): StatusError {
	return createInvalidStatus(kind, name, errors);
}
