/** `LabelSelector`: which labels it selects. */

import { toNanos } from '../validation/quantity.ts';

export interface LabelSelector {
	matchLabels?: Record<string, string>;
	matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export type Labels = Readonly<Record<string, string>>;

/** An empty selector selects everything, none at all nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
	if (selector === undefined) return false;
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
