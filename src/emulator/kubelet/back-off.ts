/** Waits that double with every failure, as client-go's flowcontrol.Backoff keeps them: 10 s up to 5 min. */

const first = 10_000;
const longest = 300_000;

export interface BackOff {
	/** Whether `key` still waits, counted from its last failure. */
	isWaiting(key: string, now: number): boolean;
	/** The same, counted from `since`: when a container ended. */
	isWaitingSince(key: string, since: number, now: number): boolean;
	/** Counts a failure that happened at `at`. */
	fail(key: string, at: number, now: number): void;
	/** Milliseconds; 0 where nothing failed yet. */
	get(key: string): number;
	forget(prefix: string): void;
}

export function createBackOff(): BackOff {
	const entries = new Map<string, { wait: number; updatedAt: number }>();

	function find(key: string, at: number) {
		const entry = entries.get(key);
		return entry && at - entry.updatedAt <= 2 * longest ? entry : undefined;
	}

	return {
		isWaiting(key, now) {
			const entry = find(key, now);
			return entry !== undefined && now - entry.updatedAt < entry.wait;
		},
		isWaitingSince(key, since, now) {
			const entry = find(key, since);
			return entry !== undefined && now - since < entry.wait;
		},
		fail(key, at, now) {
			const entry = find(key, at);
			entries.set(key, { wait: entry ? Math.min(entry.wait * 2, longest) : first, updatedAt: now });
		},
		get: (key) => entries.get(key)?.wait ?? 0,
		forget(prefix) {
			for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key);
		},
	};
}
