/** The step that puts the sample image, with a digest of this environment's own, into every registry. */

import type { RegistryRecord } from '../../model/environment.ts';
import { LabError } from '../../model/error.ts';
import type { Credentials, PushedImage } from '../../model/registry.ts';
import { openRegistryClient } from '../../oci/client.ts';
import type { OciImage } from '../../oci/content.ts';
import { buildSampleImage } from '../../oci/image.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { Ground } from './look-around.ts';

interface Target {
	registry: RegistryRecord;
	credentials: Credentials;
	images: { repository: string; tag: string }[];
}

interface Pushed {
	image: PushedImage;
	isNew: boolean;
}

/** The same label gives the same digest, so a registry that was lost gets back what right Pods run. */
export async function pushImages(
	request: UpRequest,
	ground: Ground,
	registries: readonly RegistryRecord[],
	step: Step,
): Promise<PushedImage[]> {
	const image = await buildSampleImage({ environment: ground.record.label });
	const targets = request.lab.registries.flatMap(({ host, images }, index): Target[] => {
		const registry = registries[index];
		const credentials = ground.credentials[host];
		return registry && credentials ? [{ registry, credentials, images }] : [];
	});
	const pushed = (await Promise.all(targets.map((target) => pushTo(target, image, step)))).flat();
	if (pushed.some(({ isNew }) => isNew)) step.report(image.index.descriptor.digest.slice(0, 19));
	else step.skip('was there');
	return pushed.map((each) => each.image);
}

async function pushTo({ registry, credentials, images }: Target, image: OciImage, step: Step): Promise<Pushed[]> {
	const { endpoint, host } = registry;
	const client = openRegistryClient({ endpoint, credentials, signal: step.signal, log: step.tell });
	const pushed: Pushed[] = [];
	try {
		for (const { repository, tag } of images) {
			if (registry.ownership === 'external') {
				const there = await client.probeManifest(repository, tag, credentials);
				const digest = there.outcome === 'answered' && there.status === 200 ? there.digest : null;
				if (digest !== null && digest !== image.index.descriptor.digest)
					throw imageInUse(`${host}/${repository}:${tag}`);
			}
			const { digest, manifests, uploaded } = await client.pushImage(image, repository, tag);
			pushed.push({ image: { registry: host, repository, tag, digest, manifests }, isNew: uploaded.length > 0 });
		}
	} finally {
		client.close();
	}
	return pushed;
}

/** In a registry that is not ours a tag may be somebody's, and each environment has a digest of its own. */
function imageInUse(name: string): LabError {
	return new LabError({
		code: 'image-in-use',
		message: `The registry has another image under the name ${name} already; it is left alone.`,
		remedy: 'Remove it there if it is yours, or name a registry of your own: --registry HOST',
	});
}
