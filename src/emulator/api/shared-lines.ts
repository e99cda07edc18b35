/** What watchers are sent of a change: many are sent the same, one after the other. */

import type { Change } from '../store.ts';

/** Of the change that was told last only: what has been told is held by those who have not read it yet, and by nobody else. */
export class SharedLines {
	#change: Change | null = null;
	readonly #lines = new Map<string, Buffer>();

	/** `form`: the same for all who are sent the same of a change. */
	find(change: Change, form: string, write: () => string): Buffer {
		if (this.#change !== change) this.#lines.clear();
		this.#change = change;
		const line = this.#lines.get(form) ?? Buffer.from(write());
		this.#lines.set(form, line);
		return line;
	}
}
