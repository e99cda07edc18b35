/** A clock that stands still until a test moves it, and tells who waits for it. */

import type { Clock } from '../../src/model/clock.ts';

export class HandClock implements Clock {
	#now = Date.parse('2026-01-01T00:00:00Z');
	readonly #sleepers = new Set<{ ms: number; at: number; wake: () => void }>();

	now(): Date {
		return new Date(this.#now);
	}

	/** For how many milliseconds each of those asked who still wait, the shortest first. */
	get waits(): number[] {
		return [...this.#sleepers].map(({ ms }) => ms).sort((a, b) => a - b);
	}

	sleep(ms: number, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			if (signal?.aborted) return reject(signal.reason);
			const end = (done: () => void) => {
				this.#sleepers.delete(sleeper);
				signal?.removeEventListener('abort', onAbort);
				done();
			};
			const onAbort = () => end(() => reject(signal?.reason));
			const sleeper = { ms, at: this.#now + ms, wake: () => end(resolve) };
			this.#sleepers.add(sleeper);
			signal?.addEventListener('abort', onAbort);
		});
	}

	move(ms: number): void {
		this.#now += ms;
		for (const sleeper of [...this.#sleepers]) if (sleeper.at <= this.#now) sleeper.wake();
	}
}
