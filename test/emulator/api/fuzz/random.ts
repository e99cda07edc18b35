/** Chance that can be had again: the same seed gives the same choices. */

export interface Random {
	/** From 0 up to, but not, `end`. */
	below(end: number): number;
	/** True in one of so many cases. */
	oneIn(count: number): boolean;
	pick<T>(items: readonly T[]): T;
}

/** mulberry32. */
export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (end: number) => Math.floor(next() * end);
	return { below, oneIn: (count) => below(count) === 0, pick: (items) => items[below(items.length)] as never };
}
