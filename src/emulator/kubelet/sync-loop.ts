/** When a Pod is looked at: one sync at a time, again whenever something calls for it, and later where it was refused. */

import { StatusError } from '../status-error.ts';
import type { TimerClock } from '../timers.ts';
import { createTimers, type NamedTimers } from './named-timers.ts';

export interface SyncLoop {
	/** What throws a StatusError in them is tried again with a later sync. */
	readonly timers: NamedTimers;
	readonly isStopped: boolean;
	/** Syncs never overlap; a wish that comes while one is under way is granted once, after it. */
	wake(): void;
	stop(): void;
}

export interface SyncLoopOptions {
	sync(): Promise<void>;
	/** Milliseconds until what the API server refused is tried again. */
	retryPeriod: number;
	onRefused(): void;
}

export function createSyncLoop(clock: TimerClock, { sync, retryPeriod, onRefused }: SyncLoopOptions): SyncLoop {
	const named = createTimers(clock);
	let isBusy = false;
	let isPending = false;
	let isStopped = false;

	const timers: NamedTimers = {
		...named,
		set(name, ms, action) {
			named.set(name, ms, () => {
				try {
					action();
				} catch (error) {
					retry(error);
				}
			});
		},
	};

	function retry(error: unknown): void {
		if (!(error instanceof StatusError)) throw error;
		onRefused();
		if (!isStopped) timers.set('retry', retryPeriod, wake);
	}

	function wake(): void {
		if (isStopped) return;
		isPending = true;
		if (isBusy) return;
		isBusy = true;
		void work()
			.catch(retry)
			.finally(() => {
				isBusy = false;
				if (isPending) wake();
			});
	}

	async function work(): Promise<void> {
		// Whoever is being told of a change must hear of it before anything new is written.
		await Promise.resolve();
		while (isPending && !isStopped) {
			isPending = false;
			await sync();
		}
	}

	return {
		timers,
		get isStopped() {
			return isStopped;
		},
		wake,
		stop() {
			isStopped = true;
			named.clear();
		},
	};
}
