/** Labels and label selectors (apimachinery pkg/apis/meta/v1/validation). */

import { type FieldError, forbidden, invalid, required, showMap } from './field-error.ts';
import { checkLabelValue, checkQualifiedName } from './formats.ts';

export interface LabelSelector {
	matchLabels?: Record<string, string>;
	matchExpressions?: LabelRequirement[];
}

export interface LabelRequirement {
	key: string;
	operator: string;
	values?: string[];
}

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

/** Null and undefined select nothing; an empty selector selects everything. */
export function selects(selector: LabelSelector | undefined, labels: Record<string, string> = {}): boolean {
	if (selector === undefined || selector === null) return false;
	const matches = Object.entries(selector.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
	return matches && (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));
}

function meets({ key, operator, values = [] }: LabelRequirement, labels: Record<string, string>): boolean {
	const value = labels[key];
	if (operator === 'Exists') return value !== undefined;
	if (operator === 'DoesNotExist') return value === undefined;
	if (operator === 'In') return value !== undefined && values.includes(value);
	return value === undefined || !values.includes(value);
}

/** As `metav1.FormatLabelSelector` writes it, sorted by key; empty where everything is selected. */
export function formatLabelSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
	const terms = [
		...Object.entries(matchLabels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
		...matchExpressions.map((requirement) => ({ key: requirement.key, text: formatRequirement(requirement) })),
	];
	return terms
		.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
		.map(({ text }) => text)
		.join(',');
}

function formatRequirement({ key, operator, values = [] }: LabelRequirement): string {
	if (operator === 'Exists') return key;
	if (operator === 'DoesNotExist') return `!${key}`;
	return `${key} ${operator.toLowerCase()} (${[...values].sort().join(',')})`;
}
