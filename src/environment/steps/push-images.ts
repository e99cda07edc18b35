/** The step that puts the sample image, with a digest of this environment's own, into every registry. */

import type { RegistryRecord } from '../../model/environment.ts';
import type { PushedImage } from '../../model/registry.ts';
import { openRegistryClient } from '../../oci/client.ts';
import { buildSampleImage } from '../../oci/image.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { Ground } from './look-around.ts';

/** The same label gives the same digest, so a registry that was lost gets back what right Pods run. */
export async function pushImages(
	request: UpRequest,
	ground: Ground,
	registries: readonly RegistryRecord[],
	step: Step,
): Promise<PushedImage[]> {
	const image = await buildSampleImage({ environment: ground.record.label });
	const pushed: PushedImage[] = [];
	let isNew = false;
	for (const [index, { host, images }] of request.lab.registries.entries()) {
		const registry = registries[index];
		if (registry === undefined) continue;
		const { endpoint, host: registryHost } = registry;
		const client = openRegistryClient({ endpoint, credentials: ground.credentials[host], signal: step.signal, log: step.tell });
		try {
			for (const { repository, tag } of images) {
				const { digest, manifests, uploaded } = await client.pushImage(image, repository, tag);
				isNew ||= uploaded.length > 0;
				pushed.push({ registry: registryHost, repository, tag, digest, manifests });
			}
		} finally {
			client.close();
		}
	}
	if (isNew) step.report(image.index.descriptor.digest.slice(0, 19));
	else step.skip('was there');
	return pushed;
}
