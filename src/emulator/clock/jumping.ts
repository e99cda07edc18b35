/** A clock that does not wait: while nobody is busy, it jumps to the next moment at which something is due. */

import type { Clock } from '../../model/clock.ts';
import type { TimerClock } from '../timers.ts';

/** A clock that must not jump while something goes on that takes real time. */
export interface HeldClock extends TimerClock {
	/** Gives back how to let go. */
	hold(): () => void;
}

export function isHeldClock(clock: TimerClock): clock is HeldClock {
	return 'hold' in clock;
}

export interface JumpingClockOptions {
	/** Default: now. */
	start?: Date;
	/** Jumps whether or not somebody sleeps: for clients in other processes. Default: only while somebody does. */
	isRestless?: boolean;
}

interface Timer {
	at: number;
	/** Timers of one moment go off in the order in which they were set. */
	order: number;
	action: () => void;
}

export class JumpingClock implements HeldClock, Clock {
	#now: number;
	readonly #isRestless: boolean;
	readonly #timers = new Set<Timer>();
	#order = 0;
	#holds = 0;
	#sleepers = 0;
	#isScheduled = false;

	constructor({ start = new Date(), isRestless = false }: JumpingClockOptions = {}) {
		this.#now = start.getTime();
		this.#isRestless = isRestless;
	}

	now(): Date {
		return new Date(this.#now);
	}

	after(ms: number, action: () => void): () => void {
		const timer = { at: this.#now + Math.max(ms, 0), order: this.#order++, action };
		this.#timers.add(timer);
		this.#schedule();
		return () => {
			this.#timers.delete(timer);
		};
	}

	hold(): () => void {
		this.#holds += 1;
		let isHeld = true;
		return () => {
			if (!isHeld) return;
			isHeld = false;
			this.#holds -= 1;
			this.#schedule();
		};
	}

	sleep(ms: number, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			if (signal?.aborted) return reject(signal.reason);
			this.#sleepers += 1;
			const wake = (done: () => void) => {
				signal?.removeEventListener('abort', onAbort);
				this.#sleepers -= 1;
				done();
			};
			const cancel = this.after(ms, () => wake(resolve));
			const onAbort = () => {
				cancel();
				wake(() => reject(signal?.reason));
			};
			signal?.addEventListener('abort', onAbort, { once: true });
		});
	}

	/** Once everything has been done that is ready to be done. */
	#schedule(): void {
		if (this.#isScheduled || !this.#mayJump()) return;
		this.#isScheduled = true;
		setImmediate(() => {
			this.#isScheduled = false;
			if (this.#mayJump()) this.#jump();
			this.#schedule();
		});
	}

	#mayJump(): boolean {
		return this.#holds === 0 && this.#timers.size > 0 && (this.#isRestless || this.#sleepers > 0);
	}

	#jump(): void {
		let next: Timer | undefined;
		for (const timer of this.#timers) {
			if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
		}
		if (next === undefined) return;
		this.#now = Math.max(this.#now, next.at);
		this.#timers.delete(next);
		next.action();
	}
}
