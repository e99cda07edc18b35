/** Tables: columns and cells as the server prints them, with the object beside each row. */

import type { KubeObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import { partOf } from './view.ts';

export function formatTable(
	_type: ResourceType,
	objects: readonly KubeObject[],
	version: string,
	query: URLSearchParams,
	metadata: object,
	hasColumns = true,
): object {
	const include = query.get('includeObject') ?? 'Metadata';
	return {
		kind: 'Table',
		apiVersion: `meta.k8s.io/${version}`,
		metadata,
		...(hasColumns && {
			columnDefinitions: [
				{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
				{ name: 'Created At', type: 'date', format: '', description: '', priority: 0 },
			],
		}),
		rows: objects.map((object) => ({
			cells: [object.metadata.name, object.metadata.creationTimestamp],
			...(include !== 'None' && { object: include === 'Object' ? object : partOf(object, version) }),
		})),
	};
}
