/** How long we take against a peer, measured in turns in the same run, so that the machine's mood falls on both. */

export interface Comparison {
	name: string;
	/** The ratio that must not be exceeded. */
	limit: number;
	/** Milliseconds that our median must not exceed either, where the time itself was promised. */
	longest?: number;
	rounds: number;
	/** Prepares; what it resolves to takes everything away again. */
	setUp?(): Promise<() => Promise<void>>;
	ours: Contender;
	peer: Contender;
}

/** What has no peer: a number that must not exceed its limit. */
export interface Measurement {
	name: string;
	unit: string;
	limit: number;
	setUp(): Promise<() => Promise<void>>;
	measure(): Promise<number>;
}

export async function measure(measurement: Measurement): Promise<number> {
	const takeAway = await measurement.setUp();
	try {
		return await measurement.measure();
	} finally {
		await takeAway();
	}
}

export interface Contender {
	/** Unmeasured: makes what the turn begins with. */
	prepare?(): Promise<unknown>;
	/** Resolves once the work is done, and rejects where it was not. */
	run(): Promise<unknown>;
	/** Unmeasured: makes room for the next turn. */
	undo?(): Promise<unknown>;
}

export interface Ratio {
	ratio: number;
	/** Medians, in milliseconds. */
	ours: number;
	peer: number;
}

export async function compare({ rounds, ours, peer, setUp }: Comparison): Promise<Ratio> {
	const takeAway = await setUp?.();
	const times = { ours: [] as number[], peer: [] as number[] };
	try {
		for (let round = 0; round < rounds; round += 1) {
			times.ours.push(await time(ours));
			times.peer.push(await time(peer));
		}
	} finally {
		await takeAway?.();
	}
	const medians = { ours: median(times.ours), peer: median(times.peer) };
	return { ...medians, ratio: medians.ours / medians.peer };
}

async function time({ prepare, run, undo }: Contender): Promise<number> {
	try {
		await prepare?.();
		const started = performance.now();
		await run();
		return performance.now() - started;
	} finally {
		await undo?.();
	}
}

function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2;
}
