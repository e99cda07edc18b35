/** What is different between two reports of the same lab. */

import type { Report, TaskReport } from '../model/report.ts';

export interface TaskChange {
	/** Null: the task is told for the first time. */
	before: TaskReport | null;
	task: TaskReport;
}

/** Kubernetes' own words, which differ from try to try, and points, which follow from the rest, make no difference. */
export function listChanges(before: Report | null, { tasks }: Report): TaskChange[] {
	const earlier = new Map(before?.tasks.map((task) => [task.id, task]));
	return tasks
		.map((task) => ({ before: earlier.get(task.id) ?? null, task }))
		.filter((change) => change.before === null || describe(change.before) !== describe(change.task));
}

function describe({ outcome, checks, waitsFor }: TaskReport): string {
	const found = checks.map(({ id, diagnosis }) => [id, diagnosis?.reason, diagnosis?.message]);
	return JSON.stringify([outcome, waitsFor, found]);
}
