/** What an apply says that would take fields from others. */

import { type StatusCause, StatusError } from '../../status-error.ts';
import { identify, type Manager } from './managers.ts';
import { formatPath } from './structure.ts';
import { listPaths, type Tree } from './tree.ts';

export interface Conflict {
	manager: Manager;
	paths: Tree;
}

export function conflictError(conflicts: readonly Conflict[]): StatusError {
	const sorted = [...conflicts].sort((a, b) => (identify(a.manager) < identify(b.manager) ? -1 : 1));
	const groups = sorted.map(({ manager, paths }) => ({
		who: describeManager(manager),
		paths: listPaths(paths).map(formatPath),
	}));
	const causes = groups.flatMap(({ who, paths }) =>
		paths.map((field): StatusCause => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
	);
	const lines = groups.flatMap(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)]);
	const [only] = causes;
	const what =
		causes.length === 1 && only !== undefined
			? `1 conflict: ${only.message}: ${only.field}`
			: `${causes.length} conflicts: ${lines.join('\n')}`;
	return new StatusError(409, 'Conflict', `Apply failed with ${what}`, { causes });
}

function describeManager({ manager, operation, apiVersion, subresource }: Manager): string {
	const name = `${JSON.stringify(manager)}${subresource === '' ? '' : ` with subresource "${subresource}"`}`;
	return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
