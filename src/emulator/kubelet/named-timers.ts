/** Timers by name, of which there is one at a time. */

import type { TimerClock } from '../timers.ts';

export interface NamedTimers {
	/** Takes the place of the one that has the name already. */
	set(name: string, ms: number, action: () => void): void;
	has(name: string): boolean;
	clear(): void;
}

export function createTimers(clock: TimerClock): NamedTimers {
	const cancels = new Map<string, () => void>();
	return {
		set(name, ms, action) {
			cancels.get(name)?.();
			const cancel = clock.after(ms, () => {
				cancels.delete(name);
				action();
			});
			cancels.set(name, cancel);
		},
		has: (name) => cancels.has(name),
		clear() {
			for (const cancel of cancels.values()) cancel();
			cancels.clear();
		},
	};
}
