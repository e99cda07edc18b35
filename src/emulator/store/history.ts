/** The latest changes of one type, so that a watch can begin in the past and a list can go on where it was. */

import type { Change } from '../store.ts';

export class History {
	readonly #limit: number;
	#changes: Change[] = [];
	/** The revision of the newest change that has been forgotten. */
	#forgotten: number;

	constructor(limit: number, forgotten: number) {
		this.#limit = limit;
		this.#forgotten = forgotten;
	}

	add(change: Change): void {
		this.#changes.push(change);
		// Half at a time, so that forgetting costs nothing per change.
		if (this.#changes.length > this.#limit) this.#forget(this.#changes.length >> 1);
	}

	/** Null where changes after `revision` are no longer known. */
	since(revision: number): Change[] | null {
		if (revision < this.#forgotten) return null;
		let start = this.#changes.length;
		while (start > 0 && (this.#changes[start - 1] as Change).revision > revision) start -= 1;
		return this.#changes.slice(start);
	}

	#forget(count: number): void {
		this.#forgotten = this.#changes[count - 1]?.revision ?? this.#forgotten;
		this.#changes = this.#changes.slice(count);
	}
}
