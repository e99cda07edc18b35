/** What our client and a registry do together, whichever registry it is. */

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { LabError } from '../../../src/model/error.ts';
import type { Credentials } from '../../../src/model/registry.ts';
import { openRegistryClient, type RegistryClient } from '../../../src/oci/client.ts';
import { describeContent, describeJson } from '../../../src/oci/content.ts';
import { buildSampleImage } from '../../../src/oci/image.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import type { Suite } from '../../harness.ts';
import { imageOf } from '../../oci/image-of.ts';
import { ask } from './ask.ts';

export const learner: Credentials = { username: 'myuser', password: 'mypassword' };

/** `findUrl` is called within the tests. The registry has this one user, and nothing of the repositories used here. */
export function addCases<T>(test: Suite<T>, findUrl: () => string): void {
	const within = <R>(credentials: Credentials | null, action: (client: RegistryClient) => Promise<R>) =>
		withClient(findUrl(), credentials, action);

	test('nobody gets in without a password', async () => {
		for (const credentials of [null, { ...learner, password: 'wrong' }, { ...learner, username: 'nobody' }]) {
			const thrown = await within(credentials, (client) => client.ping()).catch((error: unknown) => error);
			assert.instance(thrown, LabError);
			assert.is((thrown as LabError).code, 'registry-unauthorized');
		}
		await within(learner, (client) => client.ping());
	});

	test('a push, a second one that sends nothing, and a pull of the same bytes', async () => {
		const image = await buildSampleImage({ environment: 'test-1' });
		const first = await within(learner, (client) => client.pushImage(image, 'team/app', '1.0'));
		assert.is(first.uploaded.length, 7);
		const second = await within(learner, (client) => client.pushImage(image, 'team/app', '1.0'));
		assert.equal(second, { ...first, uploaded: [] });
		assert.equal(await within(learner, (client) => client.pullImage('team/app', '1.0')), image);
		assert.equal(await within(learner, (client) => client.pullImage('team/app', first.digest)), image);
	});

	test('a large layer in many chunks, into a repository with a long name', async () => {
		const image = imageOf(randomBytes(1_500_000));
		const repository = Array.from({ length: 12 }, (_, index) => `part-${index}`).join('/');
		await within(learner, (client) => client.pushImage(image, repository, 'v1', { chunkSize: 100_000 }));
		assert.equal(await within(learner, (client) => client.pullImage(repository, 'v1')), image);
	});

	test('a tag moves on, and what it stood for stays', async () => {
		const [one, other] = [imageOf(Buffer.from('one')), imageOf(Buffer.from('other'))];
		for (const image of [one, other]) await within(learner, (client) => client.pushImage(image, 'moving', 'latest'));
		assert.equal(await within(learner, (client) => client.pullImage('moving', 'latest')), other);
		assert.equal(await within(learner, (client) => client.pullImage('moving', one.index.descriptor.digest)), one);
	});

	test('eight pushes at once into one repository: all of them are there', async () => {
		const images = Array.from({ length: 8 }, (_, index) => imageOf(Buffer.from(`layer ${index}`)));
		await Promise.all(
			images.map((image, index) => within(learner, (client) => client.pushImage(image, 'busy', `v${index}`))),
		);
		for (const [index, image] of images.entries()) {
			assert.equal(await within(learner, (client) => client.pullImage('busy', `v${index}`)), image);
		}
	});

	test('what is Docker’s is kept as such', async () => {
		const config = describeJson('application/vnd.docker.container.image.v1+json', {});
		const layer = describeContent('application/vnd.docker.image.rootfs.diff.tar', Buffer.from('layer'));
		const index = describeJson(mediaTypes.dockerManifest, {
			schemaVersion: 2,
			mediaType: mediaTypes.dockerManifest,
			config: config.descriptor,
			layers: [layer.descriptor],
		});
		const image = { index, manifests: [], blobs: [config, layer] };
		await within(learner, (client) => client.pushImage(image, 'docker', '1'));
		assert.equal(await within(learner, (client) => client.pullImage('docker', '1')), image);
	});

	test('credentials and references are told apart', async () => {
		const probe = async (reference: string, credentials: Credentials | null) => {
			const result = await within(null, (client) => client.probeManifest('moving', reference, credentials));
			return result.outcome === 'answered' ? result.status : result;
		};
		assert.is(await probe('latest', learner), 200);
		assert.is(await probe('latest', null), 401);
		assert.is(await probe('latest', { ...learner, password: 'nope' }), 401);
		assert.is(await probe('latest', { ...learner, password: '' }), 401);
		assert.is(await probe('absent', learner), 404);
		assert.is(await probe('absent', null), 401);
	});

	test('an upload that broke off within a chunk is forgotten', async () => {
		const url = findUrl();
		const headers = { authorization: `Basic ${Buffer.from('myuser:mypassword').toString('base64')}` };
		const begun = await ask(url, { method: 'POST', path: '/v2/torn/blobs/uploads/', headers });
		const path = begun.headers['location']?.replace(url, '') ?? '';
		const torn = { method: 'PATCH', path, headers: { ...headers, 'content-range': '0-4' }, body: 'hel', promise: 5 };
		await ask(url, torn).then(
			() => assert.unreachable('half a chunk was answered'),
			() => {},
		);
		const isKnown = async () => (await ask(url, { method: 'GET', path, headers })).status !== 404;
		for (const deadline = Date.now() + 10_000; await isKnown(); await sleep(10)) {
			assert.ok(Date.now() < deadline, 'it is still known after 10 s');
		}
	});
}

async function withClient<R>(
	endpoint: string,
	credentials: Credentials | null,
	action: (client: RegistryClient) => Promise<R>,
): Promise<R> {
	const client = openRegistryClient({ endpoint, credentials });
	try {
		return await action(client);
	} finally {
		client.close();
	}
}
