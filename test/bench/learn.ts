/** How much more than Node itself a learner waits for something to read: the lesson, and the hint for a live task. */

import { planHome } from './home.ts';
import type { Comparison, Contender, Measurement } from './ratio.ts';
import { runCli, runTool } from './tool.ts';

const name = ['--name', 'bench-learn'];
const home = planHome('learn');
const { env } = home;
const startNode: Contender = { run: () => runTool(process.execPath, ['-e', '0']) };

const setUp = () =>
	home.setUp(
		() => runCli(['up', '--provider', 'embedded', ...name], { env }),
		() => runCli(['down', ...name], { env }),
	);

export const lesson: Comparison = {
	name: 'lesson',
	limit: 3,
	rounds: 25,
	setUp,
	ours: { run: () => runCli(['lesson', ...name], { env }) },
	peer: startNode,
};

/** Every task is graded, to find the one that is next. */
export const hint: Comparison = {
	name: 'hint',
	limit: 3,
	rounds: 25,
	setUp,
	ours: { run: () => runCli(['hint', ...name], { env }) },
	peer: startNode,
};

export const hintForTask: Comparison = {
	...hint,
	name: 'hint-for-task',
	ours: { run: () => runCli(['hint', '1', ...name], { env }) },
};

/** From the command's start to its end, of the first task and the two that need it. */
export const resetEmbedded: Measurement = {
	name: 'reset-embedded',
	unit: 'ms',
	limit: 1000,
	setUp,
	async measure() {
		const times: number[] = [];
		for (let round = 0; round < 5; round++) {
			for (const task of ['1', '2', '4']) await runCli(['solve', task, '--apply', '--yes', ...name], { env });
			const started = performance.now();
			await runCli(['reset', '1', '--yes', ...name], { env });
			times.push(performance.now() - started);
		}
		return times.toSorted((a, b) => a - b)[2] ?? 0;
	},
};
