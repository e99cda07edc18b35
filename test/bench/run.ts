/** Runs the comparisons that are named, or all of them, and says which are over their limit. Wants an idle machine. */

import { complete } from './complete.ts';
import { conformance } from './conformance.ts';
import { gradeEmbedded, gradeWrong, upEmbedded } from './embedded.ts';
import { evidence } from './evidence.ts';
import { firstTask } from './first-task.ts';
import { grade } from './grade.ts';
import { help } from './help.ts';
import { hint, hintForTask, lesson, resetEmbedded } from './learn.ts';
import { flatPods, getPods, memory, thousandPods, watch } from './pods.ts';
import { compare, measure } from './ratio.ts';
import { largeImage, smallImage } from './registry.ts';
import { up } from './up.ts';
import { watchScreen, watchScreenWorst } from './watch-screen.ts';

const wanted = process.argv.slice(2);
const isWanted = ({ name }: { name: string }) => wanted.length === 0 || wanted.includes(name);
const comparisons = [
	help,
	complete,
	lesson,
	hint,
	hintForTask,
	upEmbedded,
	firstTask,
	gradeEmbedded,
	gradeWrong,
	getPods,
	thousandPods,
	flatPods,
	up,
	grade,
	largeImage,
	smallImage,
	...conformance,
].filter(isWanted);
const measurements = [resetEmbedded, memory, watch, watchScreen, watchScreenWorst, evidence].filter(isWanted);
if (comparisons.length + measurements.length === 0) throw new Error(`there is no bench ${wanted.join(', ')}`);

for (const comparison of comparisons) {
	const { ratio, ours, peer } = await compare(comparison);
	const { name, limit, longest = Number.POSITIVE_INFINITY } = comparison;
	const isOver = ratio > limit || ours > longest;
	if (isOver) process.exitCode = 1;
	const atMost = Number.isFinite(longest) ? ` (at most ${longest} ms)` : '';
	const times = `${Math.round(ours)} ms${atMost} to ${Math.round(peer)} ms`;
	console.log([name.padEnd(15), ratio.toFixed(3), limit.toFixed(2), isOver ? 'over' : 'ok', times].join('  '));
}

for (const measurement of measurements) {
	const found = await measure(measurement);
	const isOver = found > measurement.limit;
	if (isOver) process.exitCode = 1;
	const { name, limit, unit } = measurement;
	console.log([name.padEnd(15), `${found.toFixed(1)} ${unit}`, limit, isOver ? 'over' : 'ok'].join('  '));
}
