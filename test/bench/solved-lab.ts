/** Solves the first lab with kubectl, as its reference answer does. */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runCli, runTool } from './tool.ts';

const solution = 'labs/pulling-from-private-registries/solution';

/** In the order of the tasks, and until all of it passes. */
export async function solve(name: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
	for (const task of [
		'store-credentials',
		'pull-with-a-pod-secret',
		'see-it-refused',
		'attach-to-the-service-account',
	]) {
		for (const file of readdirSync(path.join(solution, task)).sort()) {
			await runTool('kubectl', ['apply', '-f', path.join(solution, task, file)], { env });
		}
	}
	await runCli(['grade', ...name, '--timeout', '60'], { env });
}

/** What `env` prints for a shell. */
export function readExports(text: string): Record<string, string> {
	return Object.fromEntries(Array.from(text.matchAll(/^export (\w+)='(.*)'$/gm), ([, key, value]) => [key, value]));
}
