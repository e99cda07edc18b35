/** From the data of a `lab.yaml` to a Lab, naming every mistake by its path. */

import { checkKinds, findCheckKind } from '../checks/index.ts';
import type { AnyCheck } from '../model/check.ts';
import type { Lab, Task } from '../model/lab.ts';
import { describeIssues, type PathIssue, suggest } from './describe-issues.ts';
import { type LabFile, labSchema } from './schema.ts';

/** Names that an environment uses instead of the lab's. */
export interface Binding {
	hosts?: Readonly<Record<string, string>>;
	namespaces?: Readonly<Record<string, string>>;
}

export interface BuiltLab {
	/** Null where a mistake leaves nothing to work with. */
	lab: Omit<Lab, 'folder' | 'digest'> | null;
	issues: PathIssue[];
}

export function buildLab(data: unknown, binding: Binding): BuiltLab {
	const read = labSchema.safeParse(data);
	const issues = read.success ? [] : describeIssues(read.error.issues, labSchema, data);
	// The checks are looked at even where something else is wrong, so that an author sees all mistakes at once.
	const tasks = readTasks(data);
	const checks = tasks.map((task, index) => buildChecks(task, ['spec', 'tasks', index, 'checks'], binding, issues));
	if (!read.success) return { lab: null, issues };
	issues.push(...checkReferences(read.data));

	const { metadata, spec } = read.data;
	return {
		issues,
		lab: {
			id: metadata.name,
			title: spec.title,
			minutes: spec.minutes,
			next: spec.next ?? null,
			registries: spec.registries,
			namespaces: spec.namespaces,
			tasks: spec.tasks.map((task, index): Task => ({ ...task, checks: checks[index] ?? [] })),
		},
	};
}

/** `spec.tasks[].checks`, as far as the data has them. */
function readTasks(data: unknown): unknown[][] {
	const tasks = (data as { spec?: { tasks?: unknown } } | null | undefined)?.spec?.tasks;
	if (!Array.isArray(tasks)) return [];
	return tasks.map((task) => (Array.isArray(task?.checks) ? task.checks : []));
}

function buildChecks(checks: unknown[], path: PropertyKey[], binding: Binding, issues: PathIssue[]): AnyCheck[] {
	const built: AnyCheck[] = [];
	for (const [index, value] of checks.entries()) {
		if (typeof value !== 'object' || value === null) continue;
		const { kind: kindName, id, ...params } = value as Record<string, unknown>;
		if (typeof kindName !== 'string') continue;
		const kind = findCheckKind(kindName);
		if (kind === undefined) {
			issues.push({
				path: [...path, index, 'kind'],
				message: `there is no check ${kindName}${suggest(
					kindName,
					checkKinds.map((known) => known.kind),
				)}`,
			});
			continue;
		}
		const read = kind.params.safeParse(bindNames(params, binding));
		if (!read.success) {
			issues.push(...describeIssues(read.error.issues, kind.params, params, [...path, index]));
			continue;
		}
		const checkId = typeof id === 'string' ? id : kindName;
		if (built.some((other) => other.id === checkId)) {
			issues.push({ path: [...path, index], message: `two checks of this task are called ${checkId}: give one an id` });
		}
		built.push(kind.bind(checkId, read.data));
	}
	return built;
}

function bindNames(params: Record<string, unknown>, { hosts = {}, namespaces = {} }: Binding): Record<string, unknown> {
	const bound = { ...params };
	const rename = (key: string, names: Readonly<Record<string, string>>) => {
		const name = bound[key];
		if (typeof name === 'string') bound[key] = names[name] ?? name;
	};
	rename('namespace', namespaces);
	rename('registry', hosts);
	if (bound['resource'] === 'Namespace') rename('name', namespaces);
	for (const key of ['image', 'match', 'expressions']) bound[key] = bindHosts(bound[key], hosts);
	return Object.fromEntries(Object.entries(bound).filter(([, value]) => value !== undefined));
}

/** In every text, wherever a host of the lab stands before a slash: in images, and in expressions about them. */
function bindHosts(value: unknown, hosts: Readonly<Record<string, string>>): unknown {
	if (typeof value === 'string') {
		return Object.entries(hosts).reduce((text, [host, bound]) => {
			const escaped = host.replaceAll(/[^a-z0-9-]/g, '\\$&');
			return text.replaceAll(new RegExp(`(?<![\\w.-])${escaped}(?=/)`, 'g'), () => bound);
		}, value);
	}
	if (Array.isArray(value)) return value.map((item) => bindHosts(item, hosts));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bindHosts(inner, hosts)]));
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
