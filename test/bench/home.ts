/** A home of a bench's own, in which everything is that it makes. */

import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Home {
	folder: string;
	/** Env variables with which the program keeps its environments there. */
	env: NodeJS.ProcessEnv;
	/** Makes it, then does `begin`. What it resolves to does `end` and removes it, and so does a `begin` that fails. */
	setUp(begin?: () => Promise<unknown>, end?: () => Promise<unknown>): Promise<() => Promise<void>>;
}

export function planHome(bench: string): Home {
	const folder = path.join(tmpdir(), `kubeproctor-bench-${bench}-${process.pid}`);
	return {
		folder,
		env: { ...process.env, KUBEPROCTOR_HOME: folder },
		async setUp(begin, end) {
			mkdirSync(folder, { mode: 0o700 });
			const takeAway = async () => {
				await end?.();
				rmSync(folder, { recursive: true, force: true });
			};
			try {
				await begin?.();
				return takeAway;
			} catch (error) {
				await takeAway();
				throw error;
			}
		},
	};
}
