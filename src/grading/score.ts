/** Points: earned, possible, and those that nobody could judge. */

import type { Score, TaskReport } from '../model/report.ts';

/** `all`: every task that was judged, also those that are not shown. */
export function addScores(shown: readonly TaskReport[], all: ReadonlyMap<string, TaskReport>): Score {
	return {
		earned: sum(shown.map((task) => task.score.earned)),
		possible: sum(shown.map((task) => task.score.possible)),
		ungraded: sum(shown.filter((task) => isUngraded(task, all)).map((task) => task.score.possible)),
	};
}

/** Could not be judged itself, or waits only for tasks that could not be. */
function isUngraded(task: TaskReport, all: ReadonlyMap<string, TaskReport>): boolean {
	if (task.outcome === 'error') return true;
	if (task.outcome !== 'skip') return false;
	return (task.waitsFor ?? []).every((id) => {
		const needed = all.get(id);
		return needed !== undefined && isUngraded(needed, all);
	});
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}
