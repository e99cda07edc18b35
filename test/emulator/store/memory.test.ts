import { once } from 'node:events';
import * as assert from 'uvu/assert';
import { MemoryStore } from '../../../src/emulator/store/memory.ts';
import type { Change } from '../../../src/emulator/store.ts';
import { suite } from '../../harness.ts';
import { configMap, keyOf } from './objects.ts';

const test = suite('memory store');

test('gives every change a revision of its own', () => {
	const store = new MemoryStore();
	const made = store.write(keyOf('a'), configMap('a'));
	const changed = store.write(keyOf('a'), configMap('a', 'new'));
	assert.is(Number(changed.metadata.resourceVersion), Number(made.metadata.resourceVersion) + 1);
	assert.is(store.revision, Number(changed.metadata.resourceVersion));
	assert.is(store.get(keyOf('a')), changed);
});

test('lists as etcd does: by the bytes of namespace and name', () => {
	const store = new MemoryStore();
	for (const namespace of ['a', 'a-b', 'ab']) {
		for (const name of ['z', 'b.c', 'b-c']) store.write(keyOf(name, namespace), configMap(name, '', namespace));
	}
	const names = store.list('configmaps', null).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
	assert.equal(names, ['a-b/b-c', 'a-b/b.c', 'a-b/z', 'a/b-c', 'a/b.c', 'a/z', 'ab/b-c', 'ab/b.c', 'ab/z']);
	assert.equal(
		store.list('configmaps', 'a').map(({ metadata }) => metadata.name),
		['b-c', 'b.c', 'z'],
	);
});

test('tells of a deletion with the last state and a new revision', () => {
	const store = new MemoryStore();
	store.write(keyOf('a'), configMap('a', 'last'));
	const changes: Change[] = [];
	store.watch((change) => changes.push(change));
	store.write(keyOf('a'), null);
	const [deleted] = changes;
	assert.is(deleted?.type, 'DELETED');
	assert.equal(deleted?.object['data'], { value: 'last' });
	assert.is(deleted?.object.metadata.resourceVersion, String(store.revision));
	assert.is(store.get(keyOf('a')), null);
});

test('tells everybody in order, also when a watcher writes', () => {
	const store = new MemoryStore();
	const seen: number[] = [];
	store.watch(({ key }) => {
		if (key.name === 'a') store.write(keyOf('b'), configMap('b'));
	});
	store.watch(({ revision }) => seen.push(revision));
	store.write(keyOf('a'), configMap('a'));
	assert.equal(seen, [store.revision - 1, store.revision]);
});

test('tells everybody also when a watcher throws, and warns', async () => {
	const store = new MemoryStore();
	const warned = once(process, 'warning');
	const seen: number[] = [];
	const stop = store.watch(() => {
		throw new Error('a watcher that fails');
	});
	store.watch(({ revision }) => seen.push(revision));
	const written = ['a', 'b'].map((name) => Number(store.write(keyOf(name), configMap(name)).metadata.resourceVersion));
	assert.equal(seen, written);
	stop();
	const [warning] = await warned;
	assert.is(warning.message, 'a watcher that fails');
});

test('knows the changes of the past, until they are too many', () => {
	const store = new MemoryStore({ historyLimit: 10 });
	const begin = store.revision;
	for (let count = 0; count < 8; count++) store.write(keyOf('a'), configMap('a', String(count)));
	assert.is(store.changesSince(begin, 'configmaps')?.length, 8);
	assert.is(store.changesSince(begin + 5, 'configmaps')?.length, 3);
	for (let count = 0; count < 8; count++) store.write(keyOf('a'), configMap('a', String(count)));
	assert.is(store.changesSince(begin, 'configmaps'), null);
	assert.is(store.changesSince(store.revision, 'configmaps')?.length, 0);
});

test('knows no more of the past than there is room for, and the largest objects go first', () => {
	const store = new MemoryStore({ historyBytes: 100_000 });
	store.write({ ...keyOf('small'), type: 'secrets' }, configMap('small'));
	const begin = store.revision;
	for (let count = 0; count < 8; count++) store.write(keyOf('large'), configMap('large', 'x'.repeat(20_000)));
	assert.is(store.changesSince(begin, 'configmaps'), null);
	assert.is(store.changesSince(store.revision - 1, 'configmaps')?.length, 1);
	assert.is(store.changesSince(begin - 1, 'secrets')?.length, 1);
});

test('forgets a change at once that has no room at all', () => {
	const store = new MemoryStore({ historyBytes: 1000 });
	const begin = store.revision;
	store.write(keyOf('large'), configMap('large', 'x'.repeat(2000)));
	assert.is(store.changesSince(begin, 'configmaps'), null);
	assert.equal(store.changesSince(store.revision, 'configmaps'), []);
});

test('changes nothing when the change cannot be kept', () => {
	const keep = () => {
		throw new Error('no space left on device');
	};
	const store = new MemoryStore({ keep });
	const before = store.revision;
	assert.throws(() => store.write(keyOf('a'), configMap('a')), /no space/);
	assert.is(store.revision, before);
	assert.is(store.get(keyOf('a')), null);
});

test.run();
