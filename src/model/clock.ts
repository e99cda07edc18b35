/** Time as a thing that can be handed in, so that nothing has to wait for the real one. */

export interface Clock {
	now(): Date;
	/** Resolves after `ms`, or rejects with the signal's reason. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
	now: () => new Date(),
	sleep(ms, signal) {
		return new Promise((resolve, reject) => {
			if (signal?.aborted) return reject(signal.reason);
			const timer = setTimeout(() => {
				signal?.removeEventListener('abort', onAbort);
				resolve();
			}, ms);
			function onAbort() {
				clearTimeout(timer);
				reject(signal?.reason);
			}
			signal?.addEventListener('abort', onAbort, { once: true });
		});
	},
};
