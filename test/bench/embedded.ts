/** What an embedded environment costs beside starting Node: coming up, and grading a lab that is solved. */

import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Comparison, Contender } from './ratio.ts';
import { readExports, solve } from './solved-lab.ts';
import { runCli, runTool } from './tool.ts';

const home = path.join(tmpdir(), `kubeproctor-bench-embedded-${process.pid}`);
const env: NodeJS.ProcessEnv = { ...process.env, KUBEPROCTOR_HOME: home };
const name = ['--name', 'bench-embedded'];
const bringUp = () => runCli(['up', '--provider', 'embedded', ...name], { env });
const bringDown = () => runCli(['down', ...name], { env });
const startNode: Contender = { run: () => runTool(process.execPath, ['-e', '0']) };

export const upEmbedded: Comparison = {
	name: 'up-embedded',
	limit: 8,
	rounds: 15,
	async setUp() {
		mkdirSync(home, { mode: 0o700 });
		return async () => rmSync(home, { recursive: true, force: true });
	},
	ours: { run: bringUp, undo: bringDown },
	peer: startNode,
};

let solved: NodeJS.ProcessEnv = env;

export const gradeEmbedded: Comparison = {
	name: 'grade-embedded',
	limit: 5,
	rounds: 25,
	async setUp() {
		mkdirSync(home, { mode: 0o700 });
		const takeAway = async () => {
			await bringDown();
			rmSync(home, { recursive: true, force: true });
		};
		try {
			await bringUp();
			solved = { ...env, ...readExports(await runCli(['env', ...name], { env })) };
			await solve(name, solved);
			return takeAway;
		} catch (error) {
			await takeAway();
			throw error;
		}
	},
	ours: { run: () => runCli(['grade', ...name], { env: solved }) },
	peer: startNode,
};
