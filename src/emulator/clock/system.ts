/** The real time. */

import type { TimerClock } from '../timers.ts';

/** setTimeout counts in 32 bits, and fires at once beyond them. */
const longest = 2 ** 31 - 1;

export const systemTimers: TimerClock = {
	now: () => new Date(),
	after(ms, action) {
		let timer: NodeJS.Timeout;
		const wait = (left: number) => {
			timer = setTimeout(() => (left > longest ? wait(left - longest) : action()), Math.min(left, longest));
		};
		wait(Math.max(ms, 0));
		return () => clearTimeout(timer);
	},
};
