/** The latest changes of one type, so that a watch can begin in the past and a list can go on where it was. */

import type { Change } from '../store.ts';

export class History {
	readonly #limit: number;
	#changes: { change: Change; bytes: number }[] = [];
	#bytes = 0;
	/** The revision of the newest change that has been forgotten. */
	#forgotten: number;

	constructor(limit: number, forgotten: number) {
		this.#limit = limit;
		this.#forgotten = forgotten;
	}

	/** Of everything that it remembers. */
	get bytes(): number {
		return this.#bytes;
	}

	/** `bytes`: what the change holds in memory. */
	add(change: Change, bytes: number): void {
		this.#changes.push({ change, bytes });
		this.#bytes += bytes;
		if (this.#changes.length > this.#limit) this.forgetHalf();
	}

	/** Null where changes after `revision` are no longer known. */
	since(revision: number): Change[] | null {
		if (revision < this.#forgotten) return null;
		let start = this.#changes.length;
		while (start > 0 && (this.#changes[start - 1]?.change.revision ?? 0) > revision) start -= 1;
		return this.#changes.slice(start).map(({ change }) => change);
	}

	/** The older half at a time, so that forgetting costs nothing per change. */
	forgetHalf(): void {
		const forgotten = this.#changes.splice(0, Math.ceil(this.#changes.length / 2));
		this.#forgotten = forgotten.at(-1)?.change.revision ?? this.#forgotten;
		for (const { bytes } of forgotten) this.#bytes -= bytes;
	}
}
