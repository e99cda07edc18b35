/** What the control door takes: who may use a registry, its bad days, and images that come to the node or leave it by another way. */

import { createHash } from 'node:crypto';
import type { Credentials } from '../../model/registry.ts';
import { formatName, formatReference, parseReference } from '../../oci/reference.ts';
import type { Outage } from '../../oci/server/index.ts';
import type { NodeImages } from '../kubelet/node-images.ts';
import type { PulledImage } from '../kubelet/puller.ts';
import type { Order } from './control.ts';
import type { Registries } from './registries.ts';

const outages: readonly (Outage | null)[] = ['busy', 'broken', 'denied', 'stopped', null];

/**
 * `PUT registries/<host>/user` with Credentials, `/outage` with an Outage or null; `PUT` and `DELETE images/<image>`;
 * `DELETE hosts/<host>/images`, of a registry that need not be one of ours.
 */
export function createOrders(registries: Registries, images: NodeImages | null): Order {
	return async (method, [noun, name = '', property], body) => {
		const registry = registries.get(name);
		const outage = outages.find((each) => each === body);
		if (noun === 'registries' && method === 'PUT' && property === 'user' && registry)
			return registry.setUser(body as Credentials);
		if (noun === 'registries' && method === 'PUT' && property === 'outage' && registry && outage !== undefined)
			return registry.setOutage(outage);
		if (noun === 'images' && images && method === 'PUT') return images.add(describeLoaded(name));
		if (noun === 'images' && images && method === 'DELETE') return images.remove(name);
		if (noun === 'hosts' && images && method === 'DELETE' && property === 'images') return images.removeAllOf(name);
		throw new Error(`there is no order ${method} ${noun}/${name}`);
	};
}

/** An image that came to the node without a registry, as `kind load` brings it; nobody knows what is in it. */
function describeLoaded(image: string): PulledImage {
	const reference = parseReference(image);
	const id = `sha256:${createHash('sha256').update(image).digest('hex')}`;
	return {
		id,
		reference: formatReference(reference),
		repoDigest: `${formatName(reference)}@${id}`,
		size: 0,
		config: { user: '', env: [], entrypoint: ['/entrypoint'], command: [], workingDir: '' },
		files: () => 'unknown',
	};
}
