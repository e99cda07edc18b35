/** What prints an object's row: its cells in the order of the recorded columns, wide ones included. */

import { formatLabelSelector, type LabelSelector } from '../../label-selection.ts';
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

/** `<none>` where everything is selected. */
export function formatSelector(selector: LabelSelector | undefined): string {
	return formatLabelSelector(selector) || '<none>';
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
