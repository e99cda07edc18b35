/** Numbers, and numbers that may be percentages. */

import { type FieldError, invalid } from './field-error.ts';
import { checkPercent } from './formats.ts';

export function* validateNonNegative(value: number | undefined, path: string): Generator<FieldError> {
	if (value !== undefined && value < 0) yield invalid(path, value, 'must be greater than or equal to 0');
}

export function* validateShare(value: string | number | undefined, path: string): Generator<FieldError> {
	if (typeof value === 'string') for (const text of checkPercent(value)) yield invalid(path, value, text);
	else yield* validateNonNegative(value, path);
}

export function* validateAtMostAll(value: string | number | undefined, path: string): Generator<FieldError> {
	if (isPercent(value) && toShare(value) > 100) yield invalid(path, value, 'must not be greater than 100%');
}

/** The number, whether it counts or is a percentage. */
export function toShare(value: string | number | undefined): number {
	if (typeof value === 'number') return value;
	return isPercent(value) ? Number.parseInt(value, 10) : 0;
}

/** How many of `total` it stands for (intstr.GetScaledValueFromIntOrPercent). */
export function scaleShare(value: string | number, total: number, round: (value: number) => number): number {
	return typeof value === 'number' ? value : round((Number.parseInt(value, 10) * total) / 100);
}

function isPercent(value: string | number | undefined): value is string {
	return typeof value === 'string' && checkPercent(value).length === 0;
}
