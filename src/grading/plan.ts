/** The smallest set of queries that a lab's tasks need. */

import { findClosest } from '../model/closest.ts';
import { UsageError } from '../model/error.ts';
import type { Query } from '../model/evidence.ts';
import type { Lab, Task } from '../model/lab.ts';

/** The same query has the same key, whichever check asks it: its kind, then the rest by name. */
export function keyOf({ kind, ...rest }: Query): string {
	return [['kind', kind], ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]
		.map(([name, value]) => `${name}=${value}`)
		.join(' ');
}

/** What is asked in a query of that key; anything at all for what is no key. */
export function kindOf(key: string): string {
	return /^kind=(\S*)/.exec(key)?.[1] ?? '';
}

export function planQueries(tasks: readonly Task[]): Map<string, Query> {
	const queries = tasks.flatMap((task) => task.checks.flatMap((check) => Object.values(check.needs())));
	return new Map(queries.map((query) => [keyOf(query), query]));
}

/** By number or id. Throws UsageError where there is no such task. */
export function findTask(lab: Lab, id: string): Task {
	const byNumber = /^\d+$/.test(id) ? lab.tasks[Number(id) - 1] : undefined;
	const task = byNumber ?? lab.tasks.find((candidate) => candidate.id === id);
	if (task !== undefined) return task;
	const ids = lab.tasks.map((candidate) => candidate.id);
	const closest = findClosest(id, ids);
	const remedy = closest === null ? `There are: ${ids.join(', ')}.` : `Did you mean ${closest}?`;
	throw new UsageError(`The lab ${lab.id} has no task ${id}.`, remedy);
}

/** One task and those it needs, in the lab's order. Throws UsageError where there is no such task. */
export function selectTasks(lab: Lab, id: string): Task[] {
	const wanted = new Set<string>();
	const addWithNeeds = ({ id: wantedId, needs }: Task) => {
		wanted.add(wantedId);
		for (const need of lab.tasks.filter((candidate) => needs.includes(candidate.id))) addWithNeeds(need);
	};
	addWithNeeds(findTask(lab, id));
	return lab.tasks.filter((candidate) => wanted.has(candidate.id));
}
