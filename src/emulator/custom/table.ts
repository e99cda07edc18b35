/** What `kubectl get` shows of custom objects: the columns of their definition (apiextensions-apiserver, tableconvertor). */

import type { KubeObject } from '../object.ts';
import { formatAge } from '../table/index.ts';
import type { CustomType } from './custom-type.ts';
import type { PrinterColumn } from './definition.ts';
import { readJsonPath } from './json-path.ts';

const name = { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 };

export function customColumns({ columns }: CustomType): object[] {
	const own = columns.map(({ name, type, format = '', description, priority = 0, jsonPath }) => {
		const prose = description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`;
		return { name, type, format, description: prose, priority };
	});
	return [name, ...own];
}

export function customCells({ columns }: CustomType, object: KubeObject, now: Date): unknown[] {
	return [object.metadata.name, ...columns.map((column) => formatCell(column, object, now))];
}

function formatCell({ type, jsonPath }: PrinterColumn, object: KubeObject, now: Date): unknown {
	const value = readJsonPath(object, jsonPath);
	if (type === 'string') return value === undefined ? null : formatText(value);
	if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null;
	if (type === 'number') return typeof value === 'number' ? value : null;
	if (type === 'boolean') return typeof value === 'boolean' ? value : null;
	if (type !== 'date' || typeof value !== 'string') return null;
	return Number.isNaN(Date.parse(value)) ? '<invalid>' : formatAge(value, now);
}

/** As kubectl's JSON paths are printed: nothing for null, JSON for what is more than a value. */
function formatText(value: unknown): string {
	if (value === null) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
