/** Owners of the number of replicas, between a workload and its Scale (apimachinery's `managedfields.ScaleHandler`). */

import type { ManagedFields } from '../../object.ts';
import { type Manager, readManagers, writeManagers } from './managers.ts';
import { intersect, isEmptyTree, subtract, treeOf } from './tree.ts';

const replicas = treeOf(['spec', 'replicas']);
const scaleVersion = 'autoscaling/v1';

/** Those of a workload that a Scale of it is changed with. */
export function ownersOfScale(entries: readonly ManagedFields[] | undefined): ManagedFields[] {
	const owners = [...readManagers(entries)].filter(([, manager]) => ownsReplicas(manager));
	return writeManagers(
		new Map(owners.map(([id, owner]) => [id, { ...owner, apiVersion: scaleVersion, owned: replicas }])),
	);
}

/** Those of the workload after that; whoever comes to it from a Scale, of `apiVersion` there, leaves no time. */
export function ownersAfterScale(
	entries: readonly ManagedFields[] | undefined,
	ofScale: readonly ManagedFields[] | undefined,
	apiVersion: string,
): ManagedFields[] {
	const before = readManagers(entries);
	const come = new Map([...readManagers(ofScale)].filter(([, manager]) => ownsReplicas(manager)));
	const stay = [...before].map(([id, manager]): [string, Manager] => {
		if (!ownsReplicas(manager) || come.delete(id)) return [id, manager];
		return [id, { ...manager, owned: subtract(manager.owned, replicas) }];
	});
	const added = [...come].map(([id, manager]): [string, Manager] => {
		return [id, { ...manager, apiVersion, time: before.get(id)?.time, owned: replicas }];
	});
	return writeManagers(new Map([...stay, ...added]));
}

function ownsReplicas({ owned }: Manager): boolean {
	return !isEmptyTree(intersect(owned, replicas));
}
