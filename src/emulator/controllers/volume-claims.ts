/** Claims of volumes that have to be bound before a Pod can have a node (pkg/scheduler/framework/plugins/volumebinding). */

import type { ClusterClient } from '../cluster-client.ts';
import type { Pod } from '../kubelet/pod.ts';
import type { LabelSelector } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';

export interface Claim extends KubeObject {
	spec: {
		accessModes?: string[];
		resources?: { requests?: { storage?: string } };
		selector?: LabelSelector;
		storageClassName?: string;
		volumeMode?: string;
		volumeName?: string;
	};
	status?: { phase?: string; accessModes?: string[]; capacity?: Record<string, string> };
}

export interface StorageClass extends KubeObject {
	provisioner?: string;
	volumeBindingMode?: string;
}

export const claimType = 'persistentvolumeclaims';
export const classType = 'storageclasses.storage.k8s.io';

/** Of a Pod, in its namespace. */
export function listClaims({ spec, metadata }: Pod): string[] {
	return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) =>
		persistentVolumeClaim ? [persistentVolumeClaim.claimName ?? ''] : ephemeral ? [`${metadata.name}-${name}`] : [],
	);
}

/** Why no node is even looked at; null: its claims do not stand in the way. */
export function findClaimFault(client: ClusterClient, pod: Pod): string | null {
	const names = listClaims(pod);
	const claims = names.map((name) => client.get<Claim>(claimType, pod.metadata.namespace ?? '', name));
	for (const [index, claim] of claims.entries()) {
		const quoted = `persistentvolumeclaim "${names[index]}"`;
		if (claim === null)
			return isOwn(pod, names[index])
				? `waiting for ephemeral volume controller to create the ${quoted}`
				: `${quoted} not found`;
		if (claim.metadata.deletionTimestamp !== undefined) return `${quoted} is being deleted`;
	}
	const isImmediate = claims.some(
		(claim) => claim !== null && !claim.spec.volumeName && !isPatient(findClass(client, claim)),
	);
	return isImmediate ? 'pod has unbound immediate PersistentVolumeClaims' : null;
}

function isOwn({ spec, metadata }: Pod, claim = ''): boolean {
	return (spec.volumes ?? []).some(({ name, ephemeral }) => ephemeral && `${metadata.name}-${name}` === claim);
}

/** Null: it names none, or one that is not there. */
export function findClass(client: ClusterClient, { spec: { storageClassName } }: Claim): StorageClass | null {
	return storageClassName ? client.get<StorageClass>(classType, '', storageClassName) : null;
}

/** It waits with a volume until a Pod has a node. */
export function isPatient(storageClass: StorageClass | null): boolean {
	return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}
