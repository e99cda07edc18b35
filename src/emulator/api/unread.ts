/** What watchers have not read yet, which this process must hold for them: so much for each, and so much in all. */

/** A response, as far as it matters here. */
export interface Reader {
	/** Bytes that were written to it and have not been taken. */
	readonly writableLength: number;
	/** Whoever is cut off comes again with its last resourceVersion, and is told 410 where that is too old. */
	destroy(): unknown;
}

export interface UnreadLimits {
	/** Bytes. */
	each: number;
	all: number;
}

const defaults: UnreadLimits = { each: 16 * 1024 * 1024, all: 64 * 1024 * 1024 };
/** Less than this is on its way; nobody is slow for that. */
const onItsWay = 256 * 1024;

export class UnreadData {
	readonly #readers = new Set<Reader>();
	readonly #limits: UnreadLimits;

	constructor(limits: UnreadLimits = defaults) {
		this.#limits = limits;
	}

	add(reader: Reader): void {
		this.#readers.add(reader);
	}

	remove(reader: Reader): void {
		this.#readers.delete(reader);
	}

	/** To be called after something was written: cuts off the slowest for as long as there is too much. */
	check(reader: Reader): void {
		if (reader.writableLength > this.#limits.each) this.#cutOff(reader);
		if (reader.writableLength <= onItsWay) return;
		let all = 0;
		for (const { writableLength } of this.#readers) all += writableLength;
		while (all > this.#limits.all) {
			const slowest = [...this.#readers].reduce((one, other) =>
				other.writableLength > one.writableLength ? other : one,
			);
			all -= slowest.writableLength;
			this.#cutOff(slowest);
		}
	}

	#cutOff(reader: Reader): void {
		this.#readers.delete(reader);
		reader.destroy();
	}
}
