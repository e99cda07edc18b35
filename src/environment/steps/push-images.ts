/** The step that puts the sample image, each time with a digest of its own, into every registry. */

import type { RegistryRecord } from '../../model/environment.ts';
import { LabError } from '../../model/error.ts';
import type { LabImage } from '../../model/lab.ts';
import type { RegistryDriver } from '../../model/provider.ts';
import type { Credentials, PushedImage } from '../../model/registry.ts';
import { openRegistryClient, type RegistryClient } from '../../oci/client.ts';
import type { OciImage } from '../../oci/content.ts';
import { buildSampleImage } from '../../oci/image.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { Ground } from './look-around.ts';

interface Target {
	driver: RegistryDriver;
	registry: RegistryRecord;
	credentials: Credentials;
	images: LabImage[];
}

interface Pushed {
	image: PushedImage;
	isNew: boolean;
}

/** The same label and name give the same digest, so a registry that was lost gets back what right Pods run. */
export async function pushImages(
	request: UpRequest,
	ground: Ground,
	registries: readonly RegistryRecord[],
	step: Step,
): Promise<PushedImage[]> {
	const targets = request.lab.registries.flatMap(({ host, images }, index): Target[] => {
		const driver = request.registries[index];
		const registry = registries[index];
		const credentials = ground.credentials[host];
		return driver && registry && credentials ? [{ driver, registry, credentials, images }] : [];
	});
	const pushed = (await Promise.all(targets.map((target) => pushTo(target, ground.record.label, step)))).flat();
	const made = pushed.filter(({ isNew }) => isNew).map(({ image }) => image.digest.slice(0, 19));
	if (made.length > 0) step.report(made.join(', '));
	else step.skip('was there');
	return pushed.map((each) => each.image);
}

async function pushTo(target: Target, label: string, step: Step): Promise<Pushed[]> {
	const { endpoint, host } = target.registry;
	const { credentials } = target;
	const client = openRegistryClient({ endpoint, credentials, signal: step.signal, log: step.tell });
	const pushed: Pushed[] = [];
	try {
		for (const { repository, tag, sameEverywhere } of target.images) {
			const environment = sameEverywhere ? 'any' : label;
			const image = await buildSampleImage({ environment, name: `${repository}:${tag}` });
			const wanted = describePushed(image, host, repository, tag);
			if (target.registry.ownership === 'external') await prepareLentPlace(client, target, wanted, step);
			const { uploaded } = await client.pushImage(image, repository, tag);
			pushed.push({ image: wanted, isNew: uploaded.length > 0 });
		}
	} finally {
		client.close();
	}
	return pushed;
}

function describePushed(
	{ index, manifests }: OciImage,
	registry: string,
	repository: string,
	tag: string,
): PushedImage {
	const digests = manifests.map(({ descriptor }) => descriptor.digest);
	return { registry, repository, tag, digest: index.descriptor.digest, manifests: digests };
}

/** In a registry that is not ours a tag may be somebody's, and each environment has a digest of its own. */
async function prepareLentPlace(client: RegistryClient, target: Target, image: PushedImage, step: Step): Promise<void> {
	const { driver, credentials } = target;
	const name = `${image.registry}/${image.repository}:${image.tag}`;
	const there = await client.probeManifest(image.repository, image.tag, credentials);
	const isThere = there.outcome === 'answered' && there.status === 200;
	if (isThere && there.digest !== image.digest) throw imageInUse(name);
	if (!isThere) step.takeBack(`image ${name}`, async (signal) => driver.removeImages?.([image], credentials, signal));
}

function imageInUse(name: string): LabError {
	return new LabError({
		code: 'image-in-use',
		message: `The registry has another image under the name ${name} already; it is left alone.`,
		remedy: 'Remove it there if it is yours, or name a registry of your own: --registry HOST',
	});
}
