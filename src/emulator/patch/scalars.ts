/** Types that decode themselves: quantities, times, numbers that may be strings. */

import { canonicalizeQuantity } from '../quantity.ts';
import type { JsonNode } from './json-text.ts';

/** Decoding ends at once, in the words of the type itself. */
export class ScalarError extends Error {}

/** A value of another kind than the type takes: Go names it and the type. */
export class KindError extends Error {
	readonly goType: string;

	constructor(goType: string) {
		super(goType);
		this.goType = goType;
	}
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** By the name of the schema. Null: no value at all. */
export const scalars: Readonly<Record<string, (node: JsonNode) => unknown>> = {
	'io.k8s.apimachinery.pkg.api.resource.Quantity': readQuantity,
	'io.k8s.apimachinery.pkg.util.intstr.IntOrString': readIntOrString,
	[`${meta}.Time`]: (node) => readTime(node, false),
	[`${meta}.MicroTime`]: (node) => readTime(node, true),
};

function readQuantity(node: JsonNode): string {
	if (node.kind === 'null') return '0';
	const text = node.kind === 'string' ? node.value.trim() : node.kind === 'number' ? node.text : 'other';
	try {
		return canonicalizeQuantity(text);
	} catch (error) {
		throw new ScalarError(error instanceof Error ? error.message : '');
	}
}

function readIntOrString(node: JsonNode): string | number {
	if (node.kind === 'string') return node.value;
	if (node.kind === 'null') return 0;
	if (node.kind !== 'number' || !isIntegerOf(node.text, 'int32')) throw new KindError('int32');
	return Number(node.text);
}

export function isIntegerOf(text: string, format: string): boolean {
	if (!/^-?\d+$/.test(text)) return false;
	const value = BigInt(text);
	const bound = 1n << (format === 'int32' ? 31n : 63n);
	return -bound <= value && value < bound;
}

function readTime(node: JsonNode, hasMicroseconds: boolean): string | null {
	if (node.kind === 'null') return null;
	if (node.kind !== 'string') throw new KindError('string');
	const layout = `2006-01-02T15:04:05${hasMicroseconds ? '.000000' : ''}Z07:00`;
	const [match, seconds = '', fraction = ''] =
		/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(?:Z|[+-]\d\d:\d\d)$/.exec(node.value) ?? [];
	const time = Date.parse(match === undefined ? '' : node.value.replace(/[.,]\d+/, ''));
	if (match === undefined || (hasMicroseconds && fraction.length !== 6) || Number.isNaN(time)) {
		throw new ScalarError(describeTimeFault(node.value, layout));
	}
	const whole = new Date(time).toISOString().slice(0, seconds.length);
	return hasMicroseconds ? `${whole}.${fraction}Z` : `${whole}Z`;
}

/** As Go's time.Parse: the first part of the layout that the text does not have. */
function describeTimeFault(text: string, layout: string): string {
	const parts = layout.match(/2006|0[1-57]?(?=[-T:.Z]|$)|15|\.000000|Z07:00|[-T:]/g) ?? [];
	let at = 0;
	for (const part of parts) {
		const found = patterns.find(([name]) => name === part)?.[1] ?? new RegExp(`^[${part}]`);
		const length = found.exec(text.slice(at))?.[0].length;
		if (length === undefined) {
			return `parsing time ${JSON.stringify(text)} as "${layout}": cannot parse ${JSON.stringify(text.slice(at))} as "${part}"`;
		}
		at += length;
	}
	if (at < text.length) return `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(text.slice(at))}`;
	const [, month = '', day = ''] = text.split(/[-T]/);
	if (Number(month) < 1 || Number(month) > 12) return `parsing time ${JSON.stringify(text)}: month out of range`;
	const part = Number(day) < 1 || Number(day) > 31 ? 'day' : 'hour';
	return `parsing time ${JSON.stringify(text)}: ${part} out of range`;
}

const patterns: [part: string, pattern: RegExp][] = [
	['2006', /^\d{4}/],
	['01', /^\d\d/],
	['02', /^\d\d/],
	['15', /^\d\d?/],
	['04', /^\d\d/],
	['05', /^\d\d(?:[.,]\d+(?=$|[Z+-]))?/],
	['.000000', /^[.,]\d{6}/],
	['Z07:00', /^(?:Z|[+-]\d\d:\d\d)/],
];
