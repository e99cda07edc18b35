/** A mistake against its lab: the task, check and reason that it expects, and the files and tasks of its steps. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadCheckKind } from '../checks/index.ts';
import type { Lab, LabIssue } from '../model/lab.ts';
import { suggest } from './describe-issues.ts';
import { inspectOwn } from './inspect-own.ts';
import { mistakeSchema } from './mistake-schema.ts';

export async function lintMistake(
	file: string,
	text: string,
	lab: Pick<Lab, 'tasks' | 'registries'>,
): Promise<LabIssue[]> {
	const { data, issues, positionOf } = inspectOwn(file, text, mistakeSchema);
	if (data === null) return issues;
	const say = (path: PropertyKey[], message: string) => issues.push({ file, ...positionOf(path), message });
	const ids = lab.tasks.map((task) => task.id);
	const { task: taskId, check: checkId, reason } = data.expect;
	const task = lab.tasks.find((candidate) => candidate.id === taskId);
	if (task === undefined) say(['expect', 'task'], `there is no task ${taskId}${suggest(taskId, ids)}`);
	else {
		const check = task.checks.find((candidate) => candidate.id === checkId);
		const checks = task.checks.map((candidate) => candidate.id);
		if (check === undefined)
			say(['expect', 'check'], `the task ${taskId} has no check ${checkId}${suggest(checkId, checks)}`);
		else if (!((await loadCheckKind(check.kind))?.reasons ?? []).includes(reason)) {
			say(['expect', 'reason'], `a check of kind ${check.kind} never gives ${reason}`);
		}
	}
	for (const [index, step] of data.steps.entries()) {
		const { apply, solve, host } = step;
		if (apply !== undefined && !existsSync(join(dirname(file), apply)))
			say(['steps', index, 'apply'], `there is no file ${apply} here`);
		if (solve !== undefined && !ids.includes(solve))
			say(['steps', index, 'solve'], `there is no task ${solve}${suggest(solve, ids)}`);
		const hosts = lab.registries.map((registry) => registry.host);
		if (host !== undefined && !hosts.includes(host))
			say(['steps', index, 'host'], `the lab has no registry ${host}${suggest(host, hosts)}`);
	}
	return issues;
}
