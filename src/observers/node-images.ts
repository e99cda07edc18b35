/** Whether a node holds the images that a Pod waits for. */

import type { ContainerFacts, PodFacts } from '../model/evidence.ts';
import { causeOfWaiting } from '../pull/cause.ts';
import { nameRepository, normaliseImage, readDigest } from '../pull/image.ts';
import type { Access } from './access.ts';
import type { Node } from './objects.ts';

/** The node is read only where it makes a difference: a pull has failed. */
export async function markImages(access: Access, { node, containers }: PodFacts): Promise<ContainerFacts[]> {
	const isWaiting = ({ waiting }: ContainerFacts) => causeOfWaiting(waiting) !== null;
	if (node === null || !containers.some(isWaiting)) return containers;
	const found = await access.read<Node>(`/api/v1/nodes/${node}`);
	const images = found?.status?.images;
	if (images === undefined) return containers;
	const names = new Set(images.flatMap((image) => image.names ?? []));
	return containers.map((container) =>
		isWaiting(container) ? { ...container, isOnNode: names.has(nameOnNode(container.image)) } : container,
	);
}

/** Nodes list a tag and a digest apart, never both in one name. */
function nameOnNode(image: string): string {
	const digest = readDigest(image);
	return (digest === null ? normaliseImage(image) : `${nameRepository(image)}@${digest}`) ?? '';
}
