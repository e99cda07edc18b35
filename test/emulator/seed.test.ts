import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { completeBootstrap } from '../../scripts/complete-bootstrap.ts';
import { systemTimers } from '../../src/emulator/clock/system.ts';
import type { KubeObject } from '../../src/emulator/object.ts';
import { seedCluster } from '../../src/emulator/seed.ts';
import { MemoryStore } from '../../src/emulator/store/memory.ts';
import { suite } from '../harness.ts';

const recorded = JSON.parse(readFileSync('api-schema/bootstrap.json', 'utf8')) as [string, KubeObject][];
const test = suite('seed');

test('is what creating each of its objects would store', () => {
	const objects = recorded.map(([, object]) => withoutWhatIsAdded(object));
	for (const [index, [type, object]] of completeBootstrap(objects).entries()) {
		assert.equal([type, object], recorded[index], `${type} ${object.metadata.name}`);
	}
});

function withoutWhatIsAdded({ status: _status, ...object }: KubeObject): KubeObject {
	const { managedFields: _managers, generation: _generation, ...metadata } = object.metadata;
	// Finalizers, and they were not asked for.
	const { spec: _spec, ...bare } = object;
	return { ...(object.kind === 'Namespace' ? bare : object), metadata } as KubeObject;
}

test('has its own uids and its own time in each cluster', () => {
	const [one, other] = [plant(), plant()];
	assert.is(one.store.list('clusterroles.rbac.authorization.k8s.io', null).length, 69);
	const admin = read(one);
	assert.is(admin.resourceVersion, '6');
	assert.match(admin.uid, /^[0-9a-f-]{36}$/);
	assert.not(admin.uid === read(other).uid);
	assert.equal(
		admin.managedFields?.map(({ time }) => time),
		[admin.creationTimestamp],
	);
	assert.ok(Math.abs(Date.parse(String(admin.creationTimestamp)) - Date.now()) < 60_000);
});

function plant() {
	const core = { store: new MemoryStore(), clock: systemTimers };
	seedCluster(core);
	return core;
}

function read({ store }: ReturnType<typeof plant>) {
	const admin = store.get({ type: 'clusterroles.rbac.authorization.k8s.io', namespace: '', name: 'admin' });
	return { uid: '', ...admin?.metadata };
}

test.run();
