/** Labels and label selectors (apimachinery pkg/apis/meta/v1/validation). */

import type { LabelRequirement, LabelSelector } from '../label-selection.ts';
import { type FieldError, forbidden, invalid, required, showMap } from './field-error.ts';
import { checkLabelValue, checkQualifiedName } from './formats.ts';

export function* validateLabels(labels: Record<string, string> | undefined, path: string): Generator<FieldError> {
	for (const [name, value] of Object.entries(labels ?? {})) {
		yield* validateLabelName(name, path);
		for (const text of checkLabelValue(value)) yield invalid(path, value, text);
	}
}

export function* validateLabelName(name: string, path: string): Generator<FieldError> {
	for (const text of checkQualifiedName(name)) yield invalid(path, name, text);
}

export function* validateLabelSelector(selector: LabelSelector | undefined, path: string): Generator<FieldError> {
	yield* validateLabels(selector?.matchLabels, `${path}.matchLabels`);
	for (const [index, requirement] of (selector?.matchExpressions ?? []).entries())
		yield* validateRequirement(requirement, `${path}.matchExpressions[${index}]`);
}

function* validateRequirement(requirement: LabelRequirement, path: string): Generator<FieldError> {
	const { key = '', operator = '', values = [] } = requirement;
	if (operator === 'In' || operator === 'NotIn') {
		if (values.length === 0) yield required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
	} else if (operator === 'Exists' || operator === 'DoesNotExist') {
		if (values.length > 0)
			yield forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
	} else yield invalid(`${path}.operator`, operator, 'not a valid selector operator');
	yield* validateLabelName(key, `${path}.key`);
	for (const [index, value] of values.entries())
		for (const text of checkLabelValue(value)) yield invalid(`${path}.values[${index}]`, value, text);
}

/** As values of errors show it. */
export function showSelector(selector: LabelSelector): object {
	return selector.matchLabels ? { ...selector, matchLabels: showMap(selector.matchLabels) } : selector;
}

export function isEmptySelector(selector: LabelSelector | undefined): boolean {
	return Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0;
}
