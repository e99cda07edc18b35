/** What prints an object's row: its cells in the order of the recorded columns, wide ones included. */

import { formatAge } from '../age.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects that were decoded against their schema
export type Loose = Record<string, any>;

export type Printer = (object: Loose, now: Date) => unknown[];

export function ageOf({ metadata }: Loose, now: Date): string {
	return formatAge(metadata.creationTimestamp, now);
}

/** `a=b,c=d`, sorted; `<none>` */
export function formatLabels(labels: Record<string, string> | undefined): string {
	const pairs = Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`);
	return pairs.length > 0 ? pairs.sort().join(',') : '<none>';
}

/** A label selector as one text; `<none>` selects everything. */
export function formatSelector(selector: Loose | undefined): string {
	if (selector === undefined) return '<none>';
	const labels = Object.entries<string>(selector['matchLabels'] ?? {}).map(([key, value]) => ({
		key,
		text: `${key}=${value}`,
	}));
	const expressions = ((selector['matchExpressions'] ?? []) as Loose[]).map((each) => ({
		key: each['key'] as string,
		text: formatExpression(each),
	}));
	const terms = [...labels, ...expressions].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
	return terms.length > 0 ? terms.map(({ text }) => text).join(',') : '<none>';
}

function formatExpression({ key, operator, values = [] }: Loose): string {
	if (operator === 'Exists') return key;
	if (operator === 'DoesNotExist') return `!${key}`;
	return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
}

/** Names and images of the containers of a Pod template. */
export function containerCells(spec: Loose | undefined): [names: string, images: string] {
	const containers = (spec?.['containers'] ?? []) as Loose[];
	const join = (field: string) => containers.map((each) => each[field] ?? '').join(',');
	return [join('name'), join('image')];
}

/** At most three, and how many more there are. */
export function formatSome(items: readonly string[]): string {
	const shown = items.slice(0, 3).join(',');
	return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}
