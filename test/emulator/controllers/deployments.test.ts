import * as assert from 'uvu/assert';
import type { Deployment } from '../../../src/emulator/controllers/rollout.ts';
import { suite } from '../../harness.ts';
import { deploymentSpec, image, podTemplate, startCluster, type TestCluster } from './cluster.ts';

const test = suite('deployments');
const type = 'deployments.apps';

/** Hash and suffix are chance. */
function normalise(events: readonly string[]): string[] {
	return events
		.filter((event) => !event.startsWith('Pod/'))
		.map((event) => event.replace(/web-[a-z0-9]{8,10}(-[a-z0-9]{5})?/g, (_name, pod) => (pod ? 'POD' : 'SET')));
}

async function withCluster(play: (cluster: TestCluster) => Promise<void>): Promise<void> {
	const cluster = await startCluster();
	try {
		await play(cluster);
	} finally {
		await cluster.stop();
	}
}

function setImage(cluster: TestCluster, tag: string): void {
	cluster.cluster.client.update<Deployment>(type, 'default', 'web', (stored) => ({
		...stored,
		spec: { ...stored.spec, template: podTemplate({}, { image: image.replace('1.0', tag) }) },
	}));
}

function setReplicas(cluster: TestCluster, replicas: number): void {
	cluster.cluster.client.update<Deployment>(type, 'default', 'web', (stored) => ({
		...stored,
		spec: { ...stored.spec, replicas },
	}));
}

test('rolls out, says so as a real cluster does, and counts what is there', () =>
	withCluster(async (cluster) => {
		cluster.create(type, 'Deployment', 'web', deploymentSpec(3), { labels: { app: 'web' } });
		await cluster.advance(5);
		const { metadata, status } = cluster.get(type, 'web');
		const [set] = cluster.cluster.client.list('replicasets.apps', 'default');
		assert.is(metadata.annotations?.['deployment.kubernetes.io/revision'], '1');
		const { conditions = [], ...counts } = status ?? {};
		assert.equal(counts, {
			availableReplicas: 3,
			observedGeneration: 1,
			readyReplicas: 3,
			replicas: 3,
			terminatingReplicas: 0,
			updatedReplicas: 3,
		});
		assert.equal(
			conditions.map(({ type: name, status: state, reason, message }) => [name, state, reason, message]),
			[
				['Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.'],
				[
					'Progressing',
					'True',
					'NewReplicaSetAvailable',
					`ReplicaSet "${set?.metadata.name}" has successfully progressed.`,
				],
			],
		);
		assert.match(set?.metadata.name ?? '', /^web-[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
		assert.equal(set?.metadata.annotations, {
			'deployment.kubernetes.io/desired-replicas': '3',
			'deployment.kubernetes.io/max-replicas': '4',
			'deployment.kubernetes.io/revision': '1',
		});
		assert.equal(normalise(cluster.events()), [
			'Deployment/web ScalingReplicaSet Scaled up replica set SET from 0 to 3',
			...Array(3).fill('ReplicaSet/SET SuccessfulCreate Created pod: POD'),
		]);
	}));

test('keeps what runs while the new image cannot be pulled, and goes back on demand', () =>
	withCluster(async (cluster) => {
		cluster.create(type, 'Deployment', 'web', deploymentSpec(3));
		await cluster.advance(5);
		const before = cluster.events().length;
		setImage(cluster, 'nope');
		await cluster.advance(20);
		assert.is(cluster.pods().length, 4);
		assert.is(cluster.get(type, 'web').status?.availableReplicas, 3);
		assert.is(cluster.get(type, 'web').status?.unavailableReplicas, 1);
		assert.is(
			cluster.get(type, 'web').status?.conditions?.find((condition) => condition.type === 'Progressing')?.reason,
			'ReplicaSetUpdated',
		);

		setImage(cluster, '1.0');
		await cluster.advance(5);
		setReplicas(cluster, 1);
		await cluster.advance(5);
		assert.is(cluster.pods().length, 1);
		// As on a real cluster: `set image` to a tag that is not there, `rollout undo`, `scale --replicas=1`.
		assert.equal(normalise(cluster.events().slice(before)), [
			'Deployment/web ScalingReplicaSet Scaled up replica set SET from 0 to 1',
			'ReplicaSet/SET SuccessfulCreate Created pod: POD',
			'Deployment/web ScalingReplicaSet Scaled down replica set SET from 1 to 0',
			'ReplicaSet/SET SuccessfulDelete Deleted pod: POD',
			'Deployment/web ScalingReplicaSet Scaled down replica set SET from 3 to 1',
			'ReplicaSet/SET SuccessfulDelete Deleted pod: POD',
			'ReplicaSet/SET SuccessfulDelete Deleted pod: POD',
		]);
		const first = cluster.cluster.client
			.list('replicasets.apps', 'default')
			.find(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'] === '3');
		assert.is(first?.metadata.annotations?.['deployment.kubernetes.io/revision-history'], '1');
	}));

test('says after its deadline that it does not get on', () =>
	withCluster(async (cluster) => {
		const template = podTemplate({}, { image: image.replace('1.0', 'nope') });
		cluster.create(type, 'Deployment', 'web', deploymentSpec(1, { progressDeadlineSeconds: 60, template }));
		await cluster.advance(70);
		const progressing = cluster
			.get(type, 'web')
			.status?.conditions?.find((condition) => condition.type === 'Progressing');
		assert.is(progressing?.status, 'False');
		assert.is(progressing?.reason, 'ProgressDeadlineExceeded');
		assert.match(progressing?.message ?? '', /^ReplicaSet "web-\S+" has timed out progressing\.$/);
	}));

test('with Recreate there is never one of the new beside one of the old', () =>
	withCluster(async (cluster) => {
		cluster.create(type, 'Deployment', 'web', deploymentSpec(2, { strategy: { type: 'Recreate' } }));
		await cluster.advance(5);
		const hashes = () => new Set(cluster.pods().map(({ metadata }) => metadata.labels?.['pod-template-hash']));
		setImage(cluster, '2.0');
		for (let second = 0; second < 8; second++) {
			await cluster.advance(0.5);
			assert.ok(hashes().size <= 1);
		}
		assert.is(cluster.pods().length, 2);
		assert.ok(cluster.pods().every(({ spec }) => spec.containers[0]?.image.endsWith(':2.0')));
	}));

test('tells why Pods cannot be made, on the ReplicaSet and on itself', () =>
	withCluster(async (cluster) => {
		const message =
			'pods "web-" is forbidden: error looking up service account default/absent: serviceaccount "absent" not found';
		cluster.cluster.refuse('pods', message);
		cluster.create(type, 'Deployment', 'web', deploymentSpec(1));
		await cluster.advance(1);
		const failure = cluster
			.get(type, 'web')
			.status?.conditions?.find((condition) => condition.type === 'ReplicaFailure');
		assert.is(failure?.reason, 'FailedCreate');
		assert.is(failure?.message, message);
		assert.ok(normalise(cluster.events()).includes(`ReplicaSet/SET FailedCreate Error creating: ${message}`));
		cluster.cluster.refuse('pods', null);
		await cluster.advance(60);
		assert.is(cluster.get(type, 'web').status?.availableReplicas, 1);
		assert.is(
			cluster.get(type, 'web').status?.conditions?.some((condition) => condition.type === 'ReplicaFailure'),
			false,
		);
	}));

test('while it is paused nothing is rolled out', () =>
	withCluster(async (cluster) => {
		cluster.create(type, 'Deployment', 'web', deploymentSpec(1, { paused: true }));
		await cluster.advance(5);
		assert.is(cluster.pods().length, 0);
		cluster.cluster.client.update<Deployment>(type, 'default', 'web', (stored) => {
			const { paused: _paused, ...spec } = stored.spec;
			return { ...stored, spec: spec as Deployment['spec'] };
		});
		await cluster.advance(5);
		assert.is(cluster.pods().length, 1);
	}));

test('keeps only so many old ReplicaSets', () =>
	withCluster(async (cluster) => {
		cluster.create(type, 'Deployment', 'web', deploymentSpec(1, { revisionHistoryLimit: 1 }));
		await cluster.advance(5);
		for (const command of ['/bin/app', '/bin/sleep', '/bin/app']) {
			cluster.cluster.client.update<Deployment>(type, 'default', 'web', (stored) => ({
				...stored,
				spec: { ...stored.spec, template: podTemplate({}, { command: [command, `${Math.random()}`, '1000000'] }) },
			}));
			await cluster.advance(10);
		}
		assert.is(cluster.cluster.client.list('replicasets.apps', 'default').length, 2);
	}));

test.run();
