/** How long we take against a peer, measured in turns in the same run, so that the machine's mood falls on both. */

import { type SpawnOptions, spawn } from 'node:child_process';

export interface Comparison {
	name: string;
	/** The ratio that must not be exceeded. */
	limit: number;
	rounds: number;
	/** Prepares; what it returns takes everything away again. */
	setUp?(): Promise<() => Promise<void>>;
	/** Each resolves once the work is done. */
	ours(): Promise<void>;
	peer(): Promise<void>;
	/** Runs after each turn, unmeasured. */
	tidy?(): Promise<void>;
}

export interface Ratio {
	ratio: number;
	/** Medians, in milliseconds. */
	ours: number;
	peer: number;
}

export async function compare({ rounds, ours, peer, tidy, setUp }: Comparison): Promise<Ratio> {
	const takeAway = await setUp?.();
	const times = { ours: [] as number[], peer: [] as number[] };
	try {
		for (let round = 0; round < rounds; round += 1) {
			times.ours.push(await time(ours));
			await tidy?.();
			times.peer.push(await time(peer));
			await tidy?.();
		}
	} finally {
		await takeAway?.();
	}
	const medians = { ours: median(times.ours), peer: median(times.peer) };
	return { ...medians, ratio: medians.ours / medians.peer };
}

async function time(work: () => Promise<void>): Promise<number> {
	const started = performance.now();
	await work();
	return performance.now() - started;
}

function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2;
}

/** Throws, with what it wrote to stderr, where the program does not end with `expected`. */
export async function runTool(
	program: string,
	args: string[],
	options: SpawnOptions & { expected?: number } = {},
): Promise<string> {
	const { expected = 0, ...rest } = options;
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...rest });
	let written = '';
	let complaints = '';
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		written += text;
	});
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		complaints += text;
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (code !== expected) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${complaints}${written}`);
	return written;
}
