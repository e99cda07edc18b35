/** Claims and volumes: which is bound to which, what is told of a claim that waits, and what keeps either of them. */

import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/emulator/object.ts';
import { suite } from '../../harness.ts';
import { image, startCluster, type TestCluster } from './cluster.ts';

const test = suite<{ of: TestCluster }>('volumes');

test.before.each(async (context) => {
	context.of = await startCluster();
});
test.after.each(({ of }) => of.stop());

type Bound = KubeObject & { spec: { volumeName?: string; claimRef?: object }; status?: { phase: string } };

const gigabytes = (count: number) => ({ storage: `${count}Gi` });

function createVolume({ cluster }: TestCluster, name: string, spec: object, labels = {}): void {
	cluster.client.create('persistentvolumes', '', {
		apiVersion: 'v1',
		kind: 'PersistentVolume',
		metadata: { name, labels, finalizers: ['kubernetes.io/pv-protection'] },
		spec: { accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp' }, storageClassName: 'by-hand', ...spec },
	});
}

function createClaim(of: TestCluster, name: string, spec: object = {}): void {
	const common = { accessModes: ['ReadWriteOnce'], resources: { requests: gigabytes(2) } };
	const wanted = { storageClassName: 'by-hand', ...common, ...spec };
	const metadata = { finalizers: ['kubernetes.io/pvc-protection'] };
	of.create('persistentvolumeclaims', 'PersistentVolumeClaim', name, wanted, metadata);
}

const claim = ({ cluster }: TestCluster, name: string) =>
	cluster.client.get<Bound>('persistentvolumeclaims', 'default', name);
const volume = ({ cluster }: TestCluster, name: string) => cluster.client.get<Bound>('persistentvolumes', '', name);

test('a claim gets the smallest volume that has all it asks for', async ({ of }) => {
	createVolume(of, 'small', { capacity: gigabytes(1) });
	createVolume(of, 'large', { capacity: gigabytes(9) });
	createVolume(of, 'fitting', { capacity: gigabytes(3) });
	createVolume(of, 'other-class', { capacity: gigabytes(2), storageClassName: 'fast' });
	createVolume(of, 'other-mode', { capacity: gigabytes(2), volumeMode: 'Block' });
	createVolume(of, 'read-only', { capacity: gigabytes(2), accessModes: ['ReadOnlyMany'] });
	await of.advance(0);
	assert.is(volume(of, 'fitting')?.status?.phase, 'Available');
	createClaim(of, 'first');
	createClaim(of, 'second');
	createClaim(of, 'third');
	await of.advance(0);
	assert.equal(
		['first', 'second', 'third'].map((name) => [claim(of, name)?.spec.volumeName, claim(of, name)?.status?.phase]),
		[
			['fitting', 'Bound'],
			['large', 'Bound'],
			[undefined, undefined],
		],
	);
	assert.is(volume(of, 'fitting')?.metadata.annotations?.['pv.kubernetes.io/bound-by-controller'], 'yes');
	createVolume(of, 'late', { capacity: gigabytes(2) });
	await of.advance(0);
	assert.is(claim(of, 'third')?.spec.volumeName, 'late');
});

test('a selector chooses among volumes, and a volume that is kept for one goes to no other', async ({ of }) => {
	createVolume(of, 'kept', { capacity: gigabytes(2), claimRef: { namespace: 'default', name: 'theirs' } });
	createVolume(of, 'grey', { capacity: gigabytes(2) }, { colour: 'grey' });
	createVolume(of, 'blue', { capacity: gigabytes(5) }, { colour: 'blue' });
	await of.advance(0);
	createClaim(of, 'mine', { selector: { matchLabels: { colour: 'blue' } } });
	createClaim(of, 'theirs');
	createClaim(of, 'named', { volumeName: 'grey' });
	await of.advance(0);
	assert.is(claim(of, 'mine')?.spec.volumeName, 'blue');
	assert.is(claim(of, 'theirs')?.spec.volumeName, 'kept');
	assert.is(claim(of, 'named')?.status?.phase, 'Bound');
	assert.is(claim(of, 'named')?.metadata.annotations?.['pv.kubernetes.io/bound-by-controller'], undefined);
});

test('a claim that waits is told for what, again and again', async ({ of }) => {
	const { client } = of.cluster;
	for (const [name, volumeBindingMode] of Object.entries({ later: 'WaitForFirstConsumer', absent: 'Immediate' })) {
		const head = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name } };
		client.create('storageclasses.storage.k8s.io', '', { ...head, provisioner: 'example.com/x', volumeBindingMode });
	}
	createClaim(of, 'later', { storageClassName: 'later' });
	createClaim(of, 'provisioned', { storageClassName: 'absent' });
	createClaim(of, 'classless', { storageClassName: '' });
	createClaim(of, 'unknown', { storageClassName: 'nothing' });
	await of.advance(20);
	assert.equal(of.events(), [
		'PersistentVolumeClaim/later WaitForFirstConsumer waiting for first consumer to be created before binding',
		"PersistentVolumeClaim/provisioned ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'example.com/x' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
		'PersistentVolumeClaim/classless FailedBinding no persistent volumes available for this claim and no storage class is set',
		'PersistentVolumeClaim/unknown ProvisioningFailed storageclass.storage.k8s.io "nothing" not found',
	]);
	assert.equal(
		client.list('events', 'default').map(({ count }) => count),
		[2, 2, 2, 2],
	);
});

test('a bound claim whose volume has gone is lost, and a volume whose claim has gone is released', async ({ of }) => {
	const { client } = of.cluster;
	createVolume(of, 'one', { capacity: gigabytes(2) });
	createVolume(of, 'other', { capacity: gigabytes(2) });
	await of.advance(0);
	createClaim(of, 'a', { volumeName: 'one' });
	createClaim(of, 'b', { volumeName: 'other' });
	await of.advance(0);
	client.delete('persistentvolumes', '', 'one');
	await of.advance(0);
	assert.is(volume(of, 'one')?.status?.phase, 'Bound', 'it is kept while it is bound');
	client.update('persistentvolumes', '', 'one', ({ metadata: { finalizers: _none, ...metadata }, ...rest }) => ({
		...rest,
		metadata,
	}));
	client.delete('persistentvolumeclaims', 'default', 'b');
	await of.advance(0);
	assert.is(claim(of, 'a')?.status?.phase, 'Lost');
	assert.is(claim(of, 'b'), null);
	assert.is(volume(of, 'other')?.status?.phase, 'Released');
	client.delete('persistentvolumes', '', 'other');
	await of.advance(0);
	assert.is(volume(of, 'other'), null);
	assert.equal(of.events(), [
		'PersistentVolumeClaim/a ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
	]);
});

test('a claim stays for as long as a Pod on a node uses it, and goes with its namespace', async ({ of }) => {
	const { client } = of.cluster;
	createVolume(of, 'one', { capacity: gigabytes(2) });
	await of.advance(0);
	createClaim(of, 'used');
	await of.advance(0);
	const volumes = [{ name: 'disk', persistentVolumeClaim: { claimName: 'used' } }];
	of.create('pods', 'Pod', 'user', { containers: [{ name: 'app', image }], volumes });
	await of.advance(2);
	client.delete('persistentvolumeclaims', 'default', 'used');
	await of.advance(0);
	assert.ok(claim(of, 'used')?.metadata.deletionTimestamp, 'it is in use');
	client.delete('namespaces', '', 'default');
	await of.advance(60);
	assert.is(claim(of, 'used'), null);
});

test.run();
