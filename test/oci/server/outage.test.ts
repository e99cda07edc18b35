/** Bad days of a registry, on demand. */

import * as assert from 'uvu/assert';
import { LabError } from '../../../src/model/error.ts';
import { startRegistry } from '../../../src/oci/server/index.ts';
import { ask } from '../../contracts/registry/ask.ts';
import { suite } from '../../harness.ts';
import { imageOf } from '../image-of.ts';
import { askAsLearner, withClient, withRegistry } from './registry.ts';

const test = suite('oci/server/outage');
const image = imageOf(Buffer.from('layer'));

test('busy, broken and denied: what a client is told, with a password and without', async () => {
	await withRegistry({}, async (registry) => {
		await withClient(registry.url, (client) => client.pushImage(image, 'app', '1'));
		const path = '/v2/app/manifests/1';
		const nobody = async () => (await ask(registry.url, { method: 'GET', path })).status;
		const code = async () => {
			const { status, body } = await askAsLearner(registry, 'GET', path, { accept: image.index.descriptor.mediaType });
			return [status, status === 200 ? null : JSON.parse(body).errors[0].code];
		};
		await registry.setOutage('busy');
		assert.equal([await code(), await nobody()], [[429, 'TOOMANYREQUESTS'], 429]);
		await registry.setOutage('broken');
		assert.equal([await code(), await nobody()], [[500, 'UNKNOWN'], 500]);
		await registry.setOutage('denied');
		assert.equal([await code(), await nobody()], [[403, 'DENIED'], 401]);
		assert.is((await askAsLearner(registry, 'GET', '/v2/')).status, 200);
		await registry.setOutage(null);
		assert.equal([await code(), await nobody()], [[200, null], 401]);
		assert.equal(
			registry.records.slice(-8).map(({ status }) => status),
			[429, 429, 500, 500, 403, 401, 200, 401],
		);
	});
});

test('stopped: the port is shut, also to who was connected; afterwards all is as it was', async () => {
	await withRegistry({}, async (registry) => {
		await withClient(registry.url, async (client) => {
			await client.pushImage(image, 'app', '1');
			await registry.setOutage('stopped');
			await registry.setOutage('stopped');
			const probe = await client.probeManifest('app', '1', null);
			assert.is(probe.outcome, 'unanswered');
			await registry.setOutage('busy');
			await registry.setOutage(null);
			assert.equal(await client.pullImage('app', '1'), image);
			await registry.setOutage('stopped');
		});
	});
});

test('a port that another program has is reported', async () => {
	await withRegistry({}, async ({ port }) => {
		const error = await startRegistry({ users: null, port }).catch((thrown: unknown) => thrown);
		assert.instance(error, LabError);
		assert.is((error as LabError).code, 'port-taken');
	});
});

test.run();
