/** How much more than Node itself a learner waits for something to read: the lesson, and the hint for a live task. */

import { listLabFolders, loadLab } from '../../src/lab/index.ts';
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

/** From the command's start to its end: the slowest of every task of every lab, each while all are done. */
export const resetEmbedded: Measurement = {
	name: 'reset-embedded',
	unit: 'ms',
	limit: 1000,
	setUp,
	async measure() {
		let slowest = 0;
		for (const id of (await listLabFolders()).keys()) {
			const { registries, tasks } = await loadLab(id);
			await runCli(['up', id, '--reset', '--provider', 'embedded', ...name], { env });
			if (registries.some(({ nextPassword }) => nextPassword !== null)) await runCli(['rotate', ...name], { env });
			for (const { id: task } of tasks) {
				for (const each of tasks) await runCli(['solve', each.id, '--apply', '--yes', ...name], { env });
				const started = performance.now();
				await runCli(['reset', task, '--yes', ...name], { env });
				slowest = Math.max(slowest, performance.now() - started);
			}
		}
		return slowest;
	},
};
