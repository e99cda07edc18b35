/** How `grade` of a solved lab compares with a script that asks the same with kubectl: grade.sh, beside this file. */

import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Comparison } from './ratio.ts';
import { readExports, solve } from './solved-lab.ts';
import { runCli, runTool } from './tool.ts';

const name = ['--name', 'bench-grade'];
const home = path.join(tmpdir(), `kubeproctor-bench-${process.pid}`);
let env: NodeJS.ProcessEnv = { ...process.env, KUBEPROCTOR_HOME: home };

export const grade: Comparison = {
	name: 'grade',
	limit: 0.4,
	rounds: 15,
	async setUp() {
		mkdirSync(home, { mode: 0o700 });
		const takeAway = async () => {
			await runCli(['down', ...name], { env });
			rmSync(home, { recursive: true, force: true });
		};
		try {
			await runCli(['up', '--provider', 'kind', ...name], { env });
			env = { ...env, ...readExports(await runCli(['env', ...name], { env })) };
			await solve(name, env);
			return takeAway;
		} catch (error) {
			await takeAway();
			throw error;
		}
	},
	ours: { run: () => runCli(['grade', ...name], { env }) },
	peer: { run: () => runTool('test/bench/grade.sh', [], { env }) },
};
