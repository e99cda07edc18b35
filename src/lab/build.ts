/** From the data of a `lab.yaml` to a Lab, naming every mistake by its path. */

import type { AnyCheck } from '../model/check.ts';
import { assembleLab, type BareLab } from './assemble.ts';
import { type Binding, buildChecks } from './build-checks.ts';
import { describeIssues, type PathIssue, suggest } from './describe-issues.ts';
import { type LabFile, labSchema } from './schema.ts';

export interface BuiltLab {
	/** Null where a mistake leaves nothing to work with. */
	lab: BareLab | null;
	issues: PathIssue[];
}

export async function buildLab(data: unknown, binding: Binding): Promise<BuiltLab> {
	const read = labSchema.safeParse(data);
	const issues = read.success ? [] : describeIssues(read.error.issues, labSchema, data);
	// The checks are looked at even where something else is wrong, so that an author sees all mistakes at once.
	const checks: AnyCheck[][] = [];
	for (const [index, task] of readTasks(data).entries())
		checks.push(await buildChecks(task, ['spec', 'tasks', index, 'checks'], binding, issues));
	if (!read.success) return { lab: null, issues };
	issues.push(...checkReferences(read.data));
	return { lab: assembleLab(read.data, checks), issues };
}

/** `spec.tasks[].checks`, as far as the data has them. */
function readTasks(data: unknown): unknown[][] {
	const tasks = (data as { spec?: { tasks?: unknown } } | null | undefined)?.spec?.tasks;
	if (!Array.isArray(tasks)) return [];
	return tasks.map((task) => (Array.isArray(task?.checks) ? task.checks : []));
}

function checkReferences({ spec }: LabFile): PathIssue[] {
	const issues: PathIssue[] = [];
	const ids = spec.tasks.map((task) => task.id);
	for (const [index, task] of spec.tasks.entries()) {
		if (ids.indexOf(task.id) !== index)
			issues.push({ path: ['spec', 'tasks', index, 'id'], message: `two tasks are called ${task.id}` });
		for (const [position, need] of task.needs.entries()) {
			if (ids.slice(0, index).includes(need)) continue;
			issues.push({
				path: ['spec', 'tasks', index, 'needs', position],
				message: `no task before this one is called ${need}${suggest(need, ids)}`,
			});
		}
	}
	return issues;
}
