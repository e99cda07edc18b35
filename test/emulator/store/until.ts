/** Waits for what a slow machine needs longer for. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Looks every few milliseconds, and keeps no process alive for that. */
export async function until(isTrue: () => boolean): Promise<void> {
	while (!isTrue()) await sleep(2, undefined, { ref: false });
}
