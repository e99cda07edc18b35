/** A clock that stands still until it is told how far to jump, and then stops at every timer on the way. */

import type { TimerClock } from '../../../src/emulator/timers.ts';

interface Timer {
	at: number;
	action: () => void;
}

export class JumpingClock implements TimerClock {
	#now: number;
	#timers: Timer[] = [];

	constructor(start = Date.UTC(2026, 0, 1)) {
		this.#now = start;
	}

	now(): Date {
		return new Date(this.#now);
	}

	after(ms: number, action: () => void): () => void {
		const timer = { at: this.#now + Math.max(0, ms), action };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	/** `settle` resolves when nothing is under way that takes real time. */
	async advance(ms: number, settle: () => Promise<void>): Promise<void> {
		const end = this.#now + ms;
		for (;;) {
			await rest(settle);
			const next = Math.min(...this.#timers.map(({ at }) => at));
			if (next > end) break;
			this.#now = Math.max(this.#now, next);
			// What is due at the same moment happens at the same moment.
			for (const timer of this.#timers.filter(({ at }) => at === next)) this.#run(timer);
		}
		this.#now = end;
	}

	#run(timer: Timer): void {
		if (!this.#timers.includes(timer)) return;
		this.#timers = this.#timers.filter((other) => other !== timer);
		timer.action();
	}
}

/** What follows a pull may begin another one. */
async function rest(settle: () => Promise<void>): Promise<void> {
	for (let quiet = 0; quiet < 2; quiet++) {
		await new Promise((resolve) => setImmediate(resolve));
		await settle();
	}
	await new Promise((resolve) => setImmediate(resolve));
}
