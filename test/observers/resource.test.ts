/** Objects of any kind as they come into evidence, from the embedded cluster's API server. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { type KubeClient, openCluster } from '../../src/kube/client.ts';
import type { LabError } from '../../src/model/error.ts';
import type { ResourceFacts, ResourceQuery, SeenObject } from '../../src/model/evidence.ts';
import { observe, openAccess } from '../../src/observers/index.ts';
import { suite } from '../harness.ts';

const password = 'canary-password';
const test = suite<{ folder: string; emulator: Emulator; client: KubeClient }>('resource observer');

test.before(async (context) => {
	context.folder = await mkdtemp(join(tmpdir(), 'resource-'));
	context.emulator = await startEmulator();
	const kubeconfig = join(context.folder, 'kubeconfig');
	await writeFile(kubeconfig, context.emulator.kubeconfig, { mode: 0o600 });
	context.client = await openCluster({ kubeconfig, context: 'kubeproctor' });
	const base64 = (text: string) => Buffer.from(text).toString('base64');
	for (const [path, body] of [
		['api/v1/namespaces', { metadata: { name: 'shop' } }],
		['api/v1/namespaces/shop/configmaps', { metadata: { name: 'one', labels: { app: 'web' } }, data: { a: '1' } }],
		['api/v1/namespaces/shop/configmaps', { metadata: { name: 'two', labels: { app: 'web' } }, data: { b: '2' } }],
		[
			'api/v1/namespaces/shop/configmaps',
			{
				metadata: { name: 'leak', annotations: { note: `it is ${password}` } },
				data: { clear: `password: ${password}`, auth: base64(`myuser:${password}`), other: 'kept' },
				binaryData: { file: base64(JSON.stringify({ auths: { 'r.io': { auth: base64(`myuser:${password}`) } } })) },
			},
		],
		[
			'api/v1/namespaces/shop/secrets',
			{
				metadata: {
					name: 'token',
					annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"key":"${base64('hush')}"}}` },
				},
				data: { key: base64('hush') },
			},
		],
	] as const) {
		await context.client.request('POST', `/${path}`, { body });
	}
});
test.after(async ({ folder, emulator, client }) => {
	client.close();
	await emulator.stop();
	await rm(folder, { recursive: true });
});

function look(client: KubeClient, query: Partial<ResourceQuery>): Promise<ResourceFacts> {
	const access = openAccess({
		client,
		registries: [
			{
				host: 'registry.example.com',
				endpoint: 'http://127.0.0.1:1',
				username: 'myuser',
				ownership: 'ours',
				credentials: { username: 'myuser', password },
				mayTryCredentials: true,
				pullLog: async () => null,
			},
		],
		images: [],
		controlNamespace: 'kubeproctor',
		clock: { now: () => new Date(), sleep: async () => {} },
		signal: new AbortController().signal,
	});
	const all: ResourceQuery = {
		kind: 'resource',
		apiVersion: 'v1',
		resource: 'ConfigMap',
		namespace: 'shop',
		name: null,
		selector: null,
		...query,
	};
	return observe(all, access);
}

interface Seen extends SeenObject {
	metadata: { name: string; annotations?: object };
	data: Record<string, string>;
	binaryData: Record<string, string>;
}

test('one by its name, with its kind and without managedFields', async ({ client }) => {
	const { objects, isNamespaced } = await look(client, { name: 'one' });
	const [object] = objects as Seen[];
	assert.is(isNamespaced, true);
	assert.equal(
		[object?.apiVersion, object?.kind, object?.metadata.name, object?.data],
		['v1', 'ConfigMap', 'one', { a: '1' }],
	);
	assert.not.match(JSON.stringify(object), 'managedFields');
});

test('several by their labels, each with its kind', async ({ client }) => {
	const { objects } = await look(client, { selector: 'app=web' });
	assert.equal(
		(objects as Seen[]).map(({ kind, metadata }) => `${kind} ${metadata.name}`),
		['ConfigMap one', 'ConfigMap two'],
	);
});

test('one that is not there: the others of its kind are named', async ({ client }) => {
	const facts = await look(client, { name: 'oen' });
	assert.equal(facts.objects, []);
	assert.ok(facts.siblings.includes('one'));
});

test('no such namespace, and no such kind, are told apart', async ({ client }) => {
	assert.is((await look(client, { name: 'one', namespace: 'elsewhere' })).isNamespaceAbsent, true);
	assert.is((await look(client, { name: 'one', resource: 'Widget' })).isKindUnknown, true);
	assert.is((await look(client, { name: 'one', apiVersion: 'example.com/v1' })).isKindUnknown, true);
});

test('a kind without namespaces, and one of a group', async ({ client }) => {
	const facts = await look(client, { resource: 'Namespace', name: 'shop' });
	assert.equal([facts.isNamespaced, facts.objects.length], [false, 1]);
	const none = await look(client, { apiVersion: 'apps/v1', resource: 'Deployment', name: 'web' });
	assert.equal([none.isKindUnknown, none.objects.length], [false, 0]);
});

test('of a Secret only the keys are kept', async ({ client }) => {
	const { objects } = await look(client, { resource: 'Secret', name: 'token' });
	assert.equal((objects as Seen[])[0]?.data, { key: '(hidden)' });
	const text = JSON.stringify(objects);
	assert.not.match(text, Buffer.from('hush').toString('base64'));
	assert.not.match(text, 'last-applied');
});

test('what is nested without end is not looked at', async ({ client }) => {
	const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
	await client.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
		body: {
			metadata: { name: 'dolls.example.com' },
			spec: {
				...{ group: 'example.com', scope: 'Namespaced', names: { plural: 'dolls', singular: 'doll', kind: 'Doll' } },
				versions: [{ name: 'v1', served: true, storage: true, schema }],
			},
		},
	});
	const nest = (depth: number): object => (depth === 0 ? {} : { inner: nest(depth - 1) });
	for (const [name, depth] of [
		['sound', 90],
		['deep', 101],
	] as const) {
		const body = { apiVersion: 'example.com/v1', kind: 'Doll', metadata: { name }, spec: nest(depth) };
		await client.request('POST', '/apis/example.com/v1/namespaces/shop/dolls', { body });
	}
	const query = { apiVersion: 'example.com/v1', resource: 'Doll' };
	assert.is((await look(client, { ...query, name: 'sound' })).objects.length, 1);
	const refusal = await look(client, { ...query, name: 'deep' }).catch((error: unknown) => error);
	assert.is((refusal as LabError).code, 'object-too-deep');
});

test("a registry's password is hidden wherever somebody wrote it", async ({ client }) => {
	const { objects } = await look(client, { name: 'leak' });
	const [object] = objects as Seen[];
	assert.equal(object?.data, { clear: '(hidden)', auth: '(hidden)', other: 'kept' });
	assert.equal(object?.binaryData, { file: '(hidden)' });
	assert.equal(object?.metadata.annotations, { note: '(hidden)' });
});

test('a hundred objects are looked at, and no more', async ({ client }) => {
	for (let index = 0; index <= 100; index++) {
		const body = { metadata: { name: `many-${index}`, labels: { many: 'yes' } } };
		await client.request('POST', '/api/v1/namespaces/default/configmaps', { body });
		if (index !== 99) continue;
		assert.is((await look(client, { namespace: 'default', selector: 'many=yes' })).objects.length, 100);
	}
	try {
		await look(client, { namespace: 'default', selector: 'many=yes' });
		assert.unreachable();
	} catch (error) {
		assert.is((error as { code?: string }).code, 'too-many-objects');
	}
});

test.run();
