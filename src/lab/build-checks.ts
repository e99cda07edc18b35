/** A task's checks: each of a kind from the shelf, with its parameters bound to the names of an environment. */

import { checkKindNames, loadCheckKind } from '../checks/index.ts';
import type { AnyCheck } from '../model/check.ts';
import type { PathIssue } from './describe-issues.ts';

/** Names that an environment uses instead of the lab's. */
export interface Binding {
	hosts?: Readonly<Record<string, string>>;
	namespaces?: Readonly<Record<string, string>>;
}

/** `path`: where `checks` stand in the file. What is wrong with them is added to `issues`. */
export async function buildChecks(
	checks: readonly unknown[],
	path: readonly PropertyKey[],
	binding: Binding,
	issues: PathIssue[],
): Promise<AnyCheck[]> {
	const built: AnyCheck[] = [];
	for (const [index, value] of checks.entries()) {
		if (typeof value !== 'object' || value === null) continue;
		const { kind: kindName, id, ...params } = value as Record<string, unknown>;
		if (typeof kindName !== 'string') continue;
		const kind = await loadCheckKind(kindName);
		if (kind === undefined) {
			const { suggest } = await import('./describe-issues.ts');
			const meant = suggest(kindName, checkKindNames);
			issues.push({ path: [...path, index, 'kind'], message: `there is no check ${kindName}${meant}` });
			continue;
		}
		const read = kind.params.safeParse(bindNames(params, binding));
		if (!read.success) {
			const { describeIssues } = await import('./describe-issues.ts');
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
