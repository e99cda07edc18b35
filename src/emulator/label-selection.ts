/** `LabelSelector`: which labels it selects, and how it is written as one text. */

import { toNanos } from './validation/quantity.ts';

export interface LabelSelector {
	matchLabels?: Record<string, string>;
	matchExpressions?: LabelRequirement[];
}

export interface LabelRequirement {
	key: string;
	operator: string;
	values?: string[];
}

export type Labels = Readonly<Record<string, string>>;

/** An empty selector selects everything, none at all nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
	if (!selector) return false;
	return (
		Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
		(selector.matchExpressions ?? []).every((requirement) => meets(labels, requirement))
	);
}

/** One requirement, of labels or of a node; `Gt` and `Lt` are known to nodes only. */
export function meets(
	labels: Labels,
	{ key = '', operator = '', values = [] }: { key?: string; operator?: string; values?: string[] },
): boolean {
	const value = labels[key];
	switch (operator) {
		case 'In':
			return value !== undefined && values.includes(value);
		case 'NotIn':
			return value === undefined || !values.includes(value);
		case 'Exists':
			return value !== undefined;
		case 'DoesNotExist':
			return value === undefined;
		case 'Gt':
			return value !== undefined && toNanos(value) > toNanos(values[0]);
		case 'Lt':
			return value !== undefined && toNanos(value) < toNanos(values[0]);
		default:
			return false;
	}
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
