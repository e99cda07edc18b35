/** Timers on a Clock that a test may let jump, so that nothing in the emulator waits for real. */

export interface TimerClock {
	now(): Date;
	/** Calls `action` once, `ms` from now. Gives back how to call it off. */
	after(ms: number, action: () => void): () => void;
}
