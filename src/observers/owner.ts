/** What made a Pod: the outermost of its controllers that has to do with Pods. */

import type { Access } from './access.ts';
import type { ObjectMeta, OwnerReference, Pod, Workload } from './objects.ts';

/** e.g. `deployment/api`; null: somebody made it by hand. */
export async function findOwner(access: Access, { metadata }: Pod): Promise<string | null> {
	const owner = findController(metadata);
	if (owner === undefined) return null;
	const above = await findOwnerOf(access, owner, metadata.namespace ?? 'default');
	const { kind, name } = above ?? owner;
	return `${kind.toLowerCase()}/${name}`;
}

async function findOwnerOf(access: Access, owner: OwnerReference, namespace: string): Promise<OwnerReference | null> {
	const folder = { ReplicaSet: '/apis/apps/v1', Job: '/apis/batch/v1' }[owner.kind];
	if (folder === undefined) return null;
	const plural = `${owner.kind.toLowerCase()}s`;
	const found = await access.read<Workload>(`${folder}/namespaces/${namespace}/${plural}/${owner.name}`);
	return (found && findController(found.metadata)) ?? null;
}

function findController({ ownerReferences = [] }: ObjectMeta): OwnerReference | undefined {
	return ownerReferences.find(({ controller }) => controller === true) ?? ownerReferences[0];
}
