/** Tables: columns and cells as the server prints them, with the object beside each row. */

import { customCells, customColumns } from '../custom/table.ts';
import type { KubeObject } from '../object.ts';
import { badRequest } from '../operations/errors.ts';
import { nameType, type ResourceType } from '../resource-type.ts';
import { rowConditions, tableCells, tableColumns } from '../table/index.ts';
import { partOf } from './encode.ts';

export interface TableWish {
	type: ResourceType;
	/** Of `meta.k8s.io`. */
	version: string;
	query: URLSearchParams;
	now: Date;
}

/** `hasColumns`: only the first event of a watch has them. */
export function formatTable(
	{ type, version, query, now }: TableWish,
	objects: readonly KubeObject[],
	metadata: object,
	hasColumns = true,
): object {
	const include = readInclude(query);
	return {
		kind: 'Table',
		apiVersion: `meta.k8s.io/${version}`,
		metadata,
		columnDefinitions: hasColumns ? columnsOf(type) : null,
		rows: objects.map((object) => {
			const conditions = rowConditions(object);
			return {
				cells: type.custom ? customCells(type.custom, object, now) : tableCells(object, now),
				...(conditions.length > 0 && { conditions }),
				object: include === 'None' ? null : include === 'Object' ? object : partOf(object, version),
			};
		}),
	};
}

function columnsOf(type: ResourceType): object[] {
	return type.custom ? customColumns(type.custom) : tableColumns(nameType(type));
}

/** Throws 400. */
function readInclude(query: URLSearchParams): string {
	const include = query.get('includeObject') || 'Metadata';
	if (['None', 'Metadata', 'Object'].includes(include)) return include;
	const wanted = "must be 'Metadata', 'Object', 'None', or empty";
	const fault = `includeObject: Invalid value: ${JSON.stringify(include)}: ${wanted}`;
	throw badRequest(`Unable to convert to Table as requested: ${fault}`);
}
