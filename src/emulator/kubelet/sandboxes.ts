/** Makes sandboxes one after the other, and hands out addresses as the CNI plugin of a kind node does. */

import type { TimerClock } from '../timers.ts';

/** Milliseconds that a sandbox takes. */
const making = 100;
/** 10.244.0.1 is the bridge's. */
const firstHost = 2;
const hosts = 252;

export function createSandboxes(clock: TimerClock): () => Promise<string> {
	let last: Promise<unknown> = Promise.resolve();
	let next = 0;
	return () => {
		const turn = last.then(async () => {
			await new Promise<void>((resolve) => clock.after(making, resolve));
			return `10.244.0.${firstHost + (next++ % hosts)}`;
		});
		last = turn;
		return turn;
	};
}
