/** `metadata.managedFields`, as a map of who owns what. */

import type { ManagedFields } from '../../object.ts';
import { isEmptyTree, readFieldSet, type Tree, writeFieldSet } from './tree.ts';

export interface Manager {
	manager: string;
	operation: 'Apply' | 'Update';
	apiVersion: string;
	subresource: string;
	time: string | undefined;
	owned: Tree;
}

export type Managers = ReadonlyMap<string, Manager>;

/** Who applies is one, whatever the version; who updates is one in each version. */
export function identify({ manager, operation, apiVersion, subresource }: Omit<Manager, 'owned' | 'time'>): string {
	return JSON.stringify({
		manager,
		operation,
		...(operation === 'Update' && { apiVersion }),
		...(subresource !== '' && { subresource }),
	});
}

export function readManagers(entries: readonly ManagedFields[] = []): Managers {
	const managers = entries.map(({ manager, operation, apiVersion, subresource = '', time, fieldsV1 }): Manager => {
		return { manager, operation, apiVersion, subresource, time, owned: { ...readFieldSet(fieldsV1), isMember: false } };
	});
	return new Map(managers.map((each) => [identify(each), each]));
}

export function writeManagers(managers: Managers): ManagedFields[] {
	const owners = [...managers.values()].filter(({ owned }) => !isEmptyTree(owned));
	owners.sort(
		(a, b) =>
			byText(a.operation, b.operation) ||
			byText(a.time ?? '', b.time ?? '') ||
			byText(a.manager, b.manager) ||
			byText(a.apiVersion, b.apiVersion) ||
			byText(a.subresource, b.subresource),
	);
	return owners.map(({ manager, operation, apiVersion, subresource, time, owned }) => ({
		manager,
		operation,
		apiVersion,
		...(time !== undefined && { time }),
		fieldsType: 'FieldsV1',
		fieldsV1: writeFieldSet(owned),
		...(subresource !== '' && { subresource }),
	}));
}

function byText(left: string, right: string): number {
	return left < right ? -1 : left > right ? 1 : 0;
}
