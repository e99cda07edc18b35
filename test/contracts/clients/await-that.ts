/** Waits for what another part of the process will bring about. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Throws where it has not come about within ten seconds. */
export async function awaitThat(isSo: () => boolean): Promise<void> {
	for (let tries = 0; !isSo(); tries++) {
		if (tries === 500) throw new Error(`in vain: ${isSo}`);
		await sleep(20);
	}
}
