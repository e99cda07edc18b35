/** Reckoning with quantities by their texts. */

import { formatQuantity, parseQuantity, type Quantity, QuantityError } from '../quantity.ts';

const nano = 1_000_000_000n;

/** Null where the text is no quantity, which decoding has refused already. */
function readQuantity(text: string): Quantity | null {
	try {
		return parseQuantity(text);
	} catch (error) {
		if (error instanceof QuantityError) return null;
		throw error;
	}
}

/** Billionths; 0 for what is no quantity. */
export function toNanos(text: string | undefined): bigint {
	const quantity = text === undefined ? null : readQuantity(text);
	return quantity === null ? 0n : inNanos(quantity);
}

/** Of what is more than anybody has of anything no more is to be known, and to reckon with it would take for ever. */
const largestScale = 1000;

function inNanos({ value, scale }: Quantity): bigint {
	return value * 10n ** BigInt(Math.min(scale, largestScale) + 9);
}

export function compareQuantities(left: string, right: string): number {
	const difference = toNanos(left) - toNanos(right);
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isZeroQuantity(text: string): boolean {
	return toNanos(text) === 0n;
}

export function isWhole(text: string): boolean {
	return toNanos(text) % nano === 0n;
}

/** In the format of the first that is not zero. */
export function addQuantities(texts: readonly string[]): string {
	const quantities = texts.flatMap((text) => readQuantity(text) ?? []);
	const { format = 'decimal' } = quantities.find(({ value }) => value !== 0n) ?? quantities[0] ?? {};
	return formatQuantity({ value: quantities.reduce((sum, each) => sum + inNanos(each), 0n), scale: -9, format });
}
