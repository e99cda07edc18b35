/** How `grade` of a solved lab compares with a script that asks the same with kubectl: grade.sh, beside this file. */

import { planHome } from './home.ts';
import type { Comparison } from './ratio.ts';
import { readExports, solve } from './solved-lab.ts';
import { runCli, runTool } from './tool.ts';

const name = ['--name', 'bench-grade'];
const home = planHome('grade');
let { env } = home;

export const grade: Comparison = {
	name: 'grade',
	limit: 0.4,
	rounds: 15,
	setUp: () => home.setUp(bringUpSolved, () => runCli(['down', ...name], { env })),
	ours: { run: () => runCli(['grade', ...name], { env }) },
	peer: { run: () => runTool('test/bench/grade.sh', [], { env }) },
};

async function bringUpSolved(): Promise<void> {
	await runCli(['up', '--provider', 'kind', ...name], { env });
	env = { ...env, ...readExports(await runCli(['env', ...name], { env })) };
	await solve(name, env);
}
