/** Which Pods a workload leaves as they are, whatever its template says now. */

import * as assert from 'uvu/assert';
import type { Access } from '../../src/observers/access.ts';
import type { Workload } from '../../src/observers/objects.ts';
import { observeWorkload } from '../../src/observers/workload.ts';
import { suite } from '../harness.ts';

const test = suite('observers/workload');

/** Of a StatefulSet whose Pods, by ordinal, are of these revisions; `new` is that of its template. */
async function observe(revisions: Record<number, 'new' | 'old'>, spec: Workload['spec']) {
	const path = '/namespaces/shop/';
	const set: Workload = {
		metadata: { name: 'api', namespace: 'shop', uid: 'set', generation: 2 },
		spec: { replicas: 3, ...spec },
		status: { observedGeneration: 2, updateRevision: 'new' },
	};
	const pods = Object.entries(revisions).map(([ordinal, revision]) => ({
		metadata: {
			...{
				name: `api-${ordinal}`,
				namespace: 'shop',
				ownerReferences: [{ kind: 'StatefulSet', name: 'api', uid: 'set' }],
			},
			labels: { 'controller-revision-hash': revision },
		},
		spec: { containers: [] },
		status: { phase: 'Running' },
	}));
	const stored: Record<string, object> = {
		[`/apis/apps/v1${path}statefulsets/api`]: set,
		[`/api/v1${path}pods`]: { items: pods },
	};
	const read = async (asked: string) => stored[asked] ?? null;
	const access = { read, dryRun: async () => ({}), registries: [], images: [] } as unknown as Access;
	const {
		generation,
		idle,
		pods: found,
	} = await observeWorkload({ kind: 'workload', namespace: 'shop', workload: 'statefulset/api' }, access);
	return [generation, idle, found.map(({ pod }) => pod?.name).join(' ')];
}

const parted = (partition: number) => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } });

test('a partition holds the Pods below it', async () => {
	const held = 'updateStrategy: partition: 1';
	assert.equal(await observe({ 0: 'old', 1: 'new', 2: 'new' }, parted(1)), ['present', held, 'api-1 api-2']);
	assert.equal(await observe({ 0: 'old', 1: 'old', 2: 'new' }, parted(1)), ['present', held, 'api-2']);
	assert.equal(await observe({ 4: 'old', 5: 'new', 6: 'new' }, { ...parted(1), ordinals: { start: 4 } }), [
		'present',
		held,
		'api-5 api-6',
	]);
});

test('and none that the set is about to replace', async () => {
	assert.equal(await observe({ 0: 'new', 1: 'old', 2: 'new' }, parted(1)), ['present', null, 'api-0 api-2']);
	assert.equal(await observe({ 4: 'new', 5: 'old', 6: 'new' }, { ...parted(1), ordinals: { start: 4 } }), [
		'present',
		null,
		'api-4 api-6',
	]);
	assert.equal(await observe({ 0: 'old', 1: 'old', 2: 'new' }, parted(0)), ['present', null, 'api-2']);
	assert.equal(await observe({ 0: 'new', 1: 'new', 2: 'new' }, parted(3)), ['present', null, 'api-0 api-1 api-2']);
});

test('OnDelete holds whatever is of the template before', async () => {
	const onDelete = { updateStrategy: { type: 'OnDelete' } };
	const held = 'updateStrategy: OnDelete';
	assert.equal(await observe({ 0: 'new', 1: 'old', 2: 'old' }, onDelete), ['present', held, 'api-0']);
	assert.equal(await observe({ 0: 'old', 1: 'old', 2: 'old' }, onDelete), ['old', held, 'api-0 api-1 api-2']);
	assert.equal(await observe({ 0: 'new', 1: 'new', 2: 'new' }, onDelete), ['present', null, 'api-0 api-1 api-2']);
});

test.run();
