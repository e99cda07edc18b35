/** @kubernetes/client-node, as it comes, against the embedded cluster: informers, watches, patches, typed errors. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
	ApiException,
	CoreV1Api,
	KubeConfig,
	type KubernetesListObject,
	makeInformer,
	PatchStrategy,
	setHeaderOptions,
	type V1ConfigMap,
	type V1Status,
	Watch,
} from '@kubernetes/client-node';
import * as assert from 'uvu/assert';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../src/emulator/index.ts';
import { suite } from '../../harness.ts';
import { awaitThat } from './await-that.ts';

interface Cluster {
	emulator: Emulator;
	config: KubeConfig;
	core: CoreV1Api;
}

const test = suite('@kubernetes/client-node');
const namespace = 'default';
const collection = `/api/v1/namespaces/${namespace}/configmaps`;
const labels = { app: 'shop' };
const labelSelector = 'app=shop';
let cluster: Cluster;
let folder: string;

test.before(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'client-node-'));
	cluster = await open({ journal: path.join(folder, 'journal') });
});
test.after(async () => {
	await cluster?.emulator.stop();
	await rm(folder, { recursive: true, force: true });
});

test('an informer sees what is there, what comes, what changes and what goes, and nothing else', async () => {
	await make('before');
	const { informer, seen } = watchShop();
	await informer.start();
	try {
		await awaitThat(() => seen.includes('add before'));
		await cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'unlabelled' } } });
		await make('after');
		await patch('after', { data: { size: '2' } }, PatchStrategy.MergePatch);
		await cluster.core.deleteNamespacedConfigMap({ namespace, name: 'before' });
		await awaitThat(() => seen.length === 4);
		assert.equal(seen, ['add before', 'add after', 'update after', 'delete before']);
		assert.equal(
			informer.list(namespace).map(({ metadata, data }) => [metadata?.name, data]),
			[['after', { size: '2' }]],
		);
	} finally {
		await informer.stop();
	}
});

test('an object that loses the label is gone for the informer', async () => {
	await make('moving');
	const { informer, seen } = watchShop();
	await informer.start();
	try {
		await awaitThat(() => informer.get('moving', namespace) !== undefined);
		await patch('moving', { metadata: { labels: { app: null } } }, PatchStrategy.StrategicMergePatch);
		await awaitThat(() => seen.includes('delete moving'));
		assert.is(informer.get('moving', namespace), undefined);
	} finally {
		await informer.stop();
	}
});

test('a watch goes on after the version it is told, and no earlier', async () => {
	const first = await make('resumed-1');
	await make('resumed-2');
	await patch('resumed-2', { data: { a: 'b' } }, PatchStrategy.MergePatch);
	const seen: string[] = [];
	const query = { resourceVersion: first.metadata?.resourceVersion, labelSelector, allowWatchBookmarks: true };
	const request = await new Watch(cluster.config).watch(
		collection,
		query,
		(type: string, { metadata }: V1ConfigMap) => seen.push(`${type} ${metadata?.name}`),
		() => {},
	);
	try {
		await awaitThat(() => seen.length === 2);
		assert.equal(seen, ['ADDED resumed-2', 'MODIFIED resumed-2']);
	} finally {
		request.abort();
	}
});

test('an informer whose versions are forgotten lists anew, and tells what went meanwhile', async () => {
	await make('lost');
	await make('kept');
	const { informer, seen } = watchShop();
	let isCutOff = false;
	informer.on('error', () => {
		isCutOff = true;
	});
	await informer.start();
	await awaitThat(() => ['lost', 'kept'].every((name) => informer.get(name, namespace) !== undefined));
	const { certificates, url } = cluster.emulator;
	await cluster.emulator.stop();
	await awaitThat(() => isCutOff);
	cluster = await open({ journal: path.join(folder, 'journal'), certificates, port: Number(new URL(url).port) });
	await cluster.core.deleteNamespacedConfigMap({ namespace, name: 'lost' });
	await informer.start();
	try {
		await awaitThat(() => seen.includes('delete lost'));
		assert.is(informer.get('kept', namespace)?.metadata?.name, 'kept');
		await make('later');
		await awaitThat(() => seen.includes('add later'));
	} finally {
		await informer.stop();
	}
});

test('each kind of patch does what it is for', async () => {
	await make('patched', { a: '1' });
	const strategic = await patch('patched', { data: { b: '2' } }, PatchStrategy.StrategicMergePatch);
	assert.equal(strategic.data, { a: '1', b: '2' });
	assert.equal((await patch('patched', { data: { a: null } }, PatchStrategy.MergePatch)).data, { b: '2' });
	const operations = [{ op: 'replace', path: '/data/b', value: '3' }];
	assert.equal((await patch('patched', operations, PatchStrategy.JsonPatch)).data, { b: '3' });
	const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { c: '4' } };
	assert.equal((await apply(applied, 'anna')).data, { b: '3', c: '4' });
	const refused = await failureOf(apply({ ...applied, data: { c: '5' } }, 'ben'));
	assert.equal([refused.code, refused.body.reason], [409, 'Conflict']);
	assert.equal(refused.body.details?.causes, [
		{ field: '.data.c', message: 'conflict with "anna"', reason: 'FieldManagerConflict' },
	]);
	const forced = await apply({ ...applied, data: { c: '5' } }, 'ben', true);
	assert.is(forced.data?.['c'], '5');
	const owners = forced.metadata?.managedFields?.filter(({ operation }) => operation === 'Apply');
	assert.equal(
		owners?.map(({ manager }) => manager),
		['ben'],
	);
});

test('what is refused comes as an error with its Status', async () => {
	const { core } = cluster;
	const made = await make('refused');
	const absent = await failureOf(core.readNamespacedConfigMap({ namespace, name: 'absent' }));
	assert.equal([absent.code, absent.body.reason, absent.body.details?.kind], [404, 'NotFound', 'configmaps']);
	const twice = await failureOf(make('refused'));
	assert.equal([twice.code, twice.body.reason], [409, 'AlreadyExists']);
	await patch('refused', { data: { a: 'b' } }, PatchStrategy.MergePatch);
	const stale = await failureOf(core.replaceNamespacedConfigMap({ namespace, name: 'refused', body: made }));
	assert.equal([stale.code, stale.body.reason], [409, 'Conflict']);
	const invalid = await failureOf(make('Not_Valid'));
	assert.equal(
		[invalid.code, invalid.body.reason, invalid.body.details?.causes?.[0]?.field],
		[422, 'Invalid', 'metadata.name'],
	);
	const unknown = new KubeConfig();
	unknown.loadFromString(cluster.emulator.kubeconfig);
	unknown.users = [{ name: unknown.getCurrentUser()?.name ?? '', token: 'wrong' }];
	const anonymous = await failureOf(unknown.makeApiClient(CoreV1Api).listNamespacedPod({ namespace }));
	// The client drops the body of a 401.
	assert.is(anonymous.code, 401);
});

test('a list comes in pieces, and adds up', async () => {
	const names = ['piece-1', 'piece-2', 'piece-3'];
	for (const name of names) {
		await cluster.core.createNamespacedConfigMap({
			namespace,
			body: { metadata: { name, labels: { set: 'pieces' } } },
		});
	}
	const listed: (string | undefined)[] = [];
	let rest: string | undefined;
	do {
		const page = await cluster.core.listNamespacedConfigMap({
			namespace,
			labelSelector: 'set=pieces',
			limit: 2,
			...(rest && { _continue: rest }),
		});
		listed.push(...page.items.map(({ metadata }) => metadata?.name));
		rest = page.metadata?._continue;
	} while (rest);
	assert.equal(listed, names);
});

test.run();

async function open(options: EmulatorOptions): Promise<Cluster> {
	const emulator = await startEmulator(options);
	const config = new KubeConfig();
	config.loadFromString(emulator.kubeconfig);
	return { emulator, config, core: config.makeApiClient(CoreV1Api) };
}

function watchShop() {
	const list = (): Promise<KubernetesListObject<V1ConfigMap>> =>
		cluster.core.listNamespacedConfigMap({ namespace, labelSelector });
	const informer = makeInformer(cluster.config, collection, list, labelSelector);
	const seen: string[] = [];
	for (const verb of ['add', 'update', 'delete'] as const) {
		informer.on(verb, ({ metadata }) => seen.push(`${verb} ${metadata?.name}`));
	}
	return { informer, seen };
}

function make(name: string, data: Record<string, string> = {}): Promise<V1ConfigMap> {
	return cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels }, data } });
}

function patch(name: string, body: object, strategy: string): Promise<V1ConfigMap> {
	const options = setHeaderOptions('Content-Type', strategy);
	return cluster.core.patchNamespacedConfigMap({ namespace, name, body }, options);
}

function apply(body: V1ConfigMap, fieldManager: string, force = false): Promise<V1ConfigMap> {
	const options = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
	const name = body.metadata?.name ?? '';
	return cluster.core.patchNamespacedConfigMap({ namespace, name, body, fieldManager, force }, options);
}

async function failureOf(request: Promise<unknown>): Promise<{ code: number; body: V1Status }> {
	const thrown: unknown = await request.then(
		() => null,
		(error: unknown) => error,
	);
	assert.instance(thrown, ApiException);
	const { code, body } = thrown as ApiException<string | undefined>;
	return { code, body: JSON.parse(body ?? '{}') as V1Status };
}
