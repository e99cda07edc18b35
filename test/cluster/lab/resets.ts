/** Resets every task of a lab that is done, one after the other: it and what needs it is undone, and nothing else. */

import * as assert from 'uvu/assert';
import type { Lab, Task } from '../../../src/model/lab.ts';
import { solve } from './mistakes.ts';
import type { Walked } from './walk.ts';

interface Listed {
	items: {
		kind: string;
		metadata: { name: string; namespace: string; uid: string; labels?: Record<string, string> };
	}[];
}

/** Resolves to the slowest reset, in milliseconds, program start and all. */
export async function judgeResets(environment: Walked, lab: Lab): Promise<number> {
	await solve(environment, lab);
	await environment.kubectl('create', 'configmap', 'of-the-learner', '--from-literal=a=b');
	const allDone = await environment.grade('--wait');
	assert.is(allDone.code, 0, JSON.stringify(allDone.report, null, 1));
	let slowest = 0;
	for (const task of lab.tasks) {
		const undone = withDependants(lab, task);
		const before = await listObjects(environment, lab);
		const started = performance.now();
		const { code, stdout, stderr } = await environment.run('reset', task.id, '--yes', '-o', 'json');
		slowest = Math.max(slowest, performance.now() - started);
		assert.is(code, 0, stderr);
		const { tasks, deleted, restored } = JSON.parse(stdout) as Record<'tasks' | 'deleted' | 'restored', string[]>;
		assert.equal(
			tasks,
			undone.map(({ id }) => id),
		);
		const { report } = await environment.grade('--timeout', '5');
		for (const { id, outcome } of report.tasks) {
			const isUndone = undone.some((each) => each.id === id);
			assert.is(outcome === 'pass', !isUndone, `${task.id} was reset, ${id} is ${outcome}: ${JSON.stringify(report)}`);
		}
		const after = await listObjects(environment, lab);
		const named = [...deleted, ...restored];
		for (const [name, uid] of before) {
			if (!named.includes(name)) assert.is(after.get(name), uid, `${name} was touched by resetting ${task.id}`);
		}
		for (const name of deleted) assert.not.ok(after.has(name), name);
		for (const { id } of undone) {
			const solved = await environment.run('solve', id, '--apply', '--yes');
			assert.is(solved.code, 0, solved.stdout + solved.stderr);
		}
	}
	return slowest;
}

function withDependants({ tasks }: Lab, task: Task): Task[] {
	const isUndone = (each: Task): boolean =>
		each === task || each.needs.some((need) => isUndone(tasks.find(({ id }) => id === need) ?? each));
	return tasks.filter(isUndone);
}

/** Identity by name, as `reset` names them. */
async function listObjects({ kubectl }: Walked, lab: Lab): Promise<Map<string, string>> {
	const kinds = 'secrets,configmaps,serviceaccounts,pods,deployments,daemonsets';
	const found: [string, string][] = [];
	for (const namespace of new Set(['default', ...lab.namespaces])) {
		const { items } = JSON.parse(await kubectl('-n', namespace, 'get', kinds, '-o', 'json')) as Listed;
		for (const { kind, metadata } of items) {
			// What a workload makes comes and goes with it.
			if ('ownerReferences' in metadata) continue;
			const where = namespace === 'default' ? '' : ` in ${namespace}`;
			found.push([`${kind.toLowerCase()}/${metadata.name}${where}`, metadata.uid]);
		}
	}
	return new Map(found);
}
