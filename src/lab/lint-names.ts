/** Names in a lab's checks against the namespaces, registries and labs that there are. */

import type { Lab, LabIssue } from '../model/lab.ts';
import type { OwnDocument } from '../yaml.ts';
import { suggest } from './describe-issues.ts';

export function lintNames(
	file: string,
	{ data, positionOf }: OwnDocument,
	lab: Pick<Lab, 'namespaces' | 'registries' | 'next'>,
	knownLabs: readonly string[],
): LabIssue[] {
	const issues: LabIssue[] = [];
	const say = (path: PropertyKey[], message: string) => issues.push({ file, ...positionOf(path), message });
	const hosts = lab.registries.map(({ host }) => host);
	const { tasks } = (data as { spec: { tasks: { checks: Record<string, unknown>[] }[] } }).spec;
	for (const [taskIndex, { checks }] of tasks.entries()) {
		for (const [index, { namespace, registry, image }] of checks.entries()) {
			const path = ['spec', 'tasks', taskIndex, 'checks', index];
			if (typeof namespace === 'string' && !lab.namespaces.includes(namespace)) {
				say([...path, 'namespace'], `the lab has no namespace ${namespace}${suggest(namespace, lab.namespaces)}`);
			}
			const host = typeof image === 'string' ? image.slice(0, image.indexOf('/')) : registry;
			if (typeof host === 'string' && host !== '' && !hosts.includes(host)) {
				say(
					[...path, typeof image === 'string' ? 'image' : 'registry'],
					`the lab has no registry ${host}${suggest(host, hosts)}`,
				);
			}
		}
	}
	if (lab.next !== null && !knownLabs.includes(lab.next)) {
		say(['spec', 'next'], `there is no lab ${lab.next}${suggest(lab.next, knownLabs)}`);
	}
	return issues;
}
