/** What `kubectl get` shows: columns as recorded, cells as the API server prints them. */

import { nameType, type TypeName } from '../resource-type.ts';
import { findKind, readColumns } from '../schema/index.ts';
import { clusterPrinters } from './cells/cluster.ts';
import { networkPrinters } from './cells/network.ts';
import { podPrinters } from './cells/pod.ts';
import type { Loose, Printer } from './cells/printer.ts';
import { scaleColumns, workloadPrinters } from './cells/workload.ts';

export { formatAge, formatDuration } from './age.ts';

export interface TableColumn {
	name: string;
	type: string;
	format: string;
	/** Prose, which is not recorded. */
	description: '';
	/** 0, or 1 for those that only `-o wide` shows. */
	priority: number;
}

export interface RowCondition {
	type: 'Completed';
	status: 'True';
	reason: string;
	message: string;
}

const printers: Readonly<Record<string, Printer>> = {
	...podPrinters,
	...workloadPrinters,
	...networkPrinters,
	...clusterPrinters,
};

const scaleName = 'scales.autoscaling';

/** Of `pods`, `deployments.apps`. */
export function tableColumns(type: TypeName): TableColumn[] {
	return columnsOf(type).map(({ name, type: kind, format, priority }) => {
		return { name, type: kind, format, description: '', priority };
	});
}

/** A Scale has no resource of its own, whose columns could be recorded. */
function columnsOf(type: TypeName): readonly Omit<TableColumn, 'description'>[] {
	return type === scaleName ? scaleColumns : readColumns(type);
}

/** One for each column. `object` needs its apiVersion and kind. */
export function tableCells(object: object, now: Date): unknown[] {
	const { apiVersion, kind, metadata } = object as Loose;
	const type = findKind(apiVersion, kind);
	const columns = columnsOf(kind === 'Scale' ? scaleName : type === null ? '' : nameType(type));
	const isPlain = columns.length === 2 && columns[1]?.name === 'Created At';
	const print = isPlain ? undefined : printers[kind];
	const cells = print?.(object as Loose, now) ?? [metadata.name, metadata.creationTimestamp ?? '<unknown>'];
	// Types that no lab has to do with are listed by name alone.
	return columns.map((_, index) => cells[index] ?? (print === undefined ? '<unknown>' : ''));
}

/** `conditions` of a row: whether a Pod is done. */
export function rowConditions(object: object): RowCondition[] {
	const { kind, status } = object as Loose;
	if (kind !== 'Pod') return [];
	const phase: unknown = status?.phase;
	const condition = { type: 'Completed', status: 'True' } as const;
	if (phase === 'Succeeded') return [{ ...condition, reason: phase, message: 'The pod has completed successfully.' }];
	return phase === 'Failed' ? [{ ...condition, reason: phase, message: 'The pod failed.' }] : [];
}
