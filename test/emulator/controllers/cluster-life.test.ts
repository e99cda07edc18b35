import * as assert from 'uvu/assert';
import type { Workload } from '../../../src/emulator/controllers/workload.ts';
import type { Node } from '../../../src/emulator/kubelet/pod.ts';
import { suite } from '../../harness.ts';
import { nodeName } from '../kubelet/node.ts';
import { deploymentSpec, image, startCluster, type TestCluster } from './cluster.ts';

const test = suite('namespaces, scheduling and garbage');

async function withCluster(play: (cluster: TestCluster) => Promise<void>): Promise<void> {
	const cluster = await startCluster();
	try {
		await play(cluster);
	} finally {
		await cluster.stop();
	}
}

const app = { containers: [{ name: 'app', image }], imagePullSecrets: [{ name: 'creds' }] };

test('a namespace has its account and its certificate, again when they are deleted', () =>
	withCluster(async ({ cluster: { client }, advance }) => {
		client.delete('serviceaccounts', 'default', 'default');
		client.delete('configmaps', 'default', 'kube-root-ca.crt');
		await advance(0);
		assert.ok(client.get('serviceaccounts', 'default', 'default'));
		assert.match(
			String(
				client.get('configmaps', 'default', 'kube-root-ca.crt')?.metadata.annotations?.['kubernetes.io/description'],
			),
			/^Contains a CA bundle/,
		);
	}));

test('a namespace goes with all that is in it, after its Pods have stopped', () =>
	withCluster(async (cluster) => {
		const { client } = cluster.cluster;
		await cluster.makeNamespace('gone');
		cluster.createPullSecret('gone', 'creds');
		cluster.run('gone', 'p', app);
		await cluster.advance(3);
		client.delete('namespaces', '', 'gone');
		await cluster.advance(0.5);
		const namespace = client.get<Workload>('namespaces', '', 'gone');
		assert.is(
			namespace?.status?.conditions?.find(({ type }) => type === 'NamespaceContentRemaining')?.message,
			'Some resources are remaining: pods. has 1 resource instances',
		);
		await cluster.advance(5);
		assert.is(client.get('namespaces', '', 'gone'), null);
		for (const type of ['pods', 'secrets', 'serviceaccounts', 'configmaps', 'events'])
			assert.is(client.list(type, 'gone').length, 0, type);
	}));

test('what a deleted Deployment owned goes after it, before it, or stays', () =>
	withCluster(async (cluster) => {
		const { client } = cluster.cluster;
		const count = () => [
			client.list('deployments.apps', 'default').length,
			client.list('replicasets.apps', 'default').length,
			cluster.pods().length,
		];
		const make = async () => {
			cluster.create('deployments.apps', 'Deployment', 'web', deploymentSpec(2));
			await cluster.advance(5);
			assert.equal(count(), [1, 1, 2]);
		};
		await make();
		client.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Background' });
		assert.is(count()[0], 0);
		await cluster.advance(3);
		assert.equal(count(), [0, 0, 0]);

		await make();
		client.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Foreground' });
		await cluster.advance(0.5);
		assert.equal(count(), [1, 1, 2], 'the Pods still stop');
		await cluster.advance(3);
		assert.equal(count(), [0, 0, 0]);

		await make();
		client.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Orphan' });
		await cluster.advance(3);
		assert.equal(count(), [0, 1, 2]);
		assert.is(client.list('replicasets.apps', 'default')[0]?.metadata.ownerReferences, undefined);
	}));

test('a Pod that no node can take says why, and is placed when one can', () =>
	withCluster(async (cluster) => {
		const { client } = cluster.cluster;
		const tail =
			'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
		const request = (cpu: string) => ({
			...app,
			containers: [{ name: 'app', image, resources: { requests: { cpu } } }],
		});
		cluster.run('default', 'big', request('1000'));
		cluster.run('default', 'picky', { ...app, nodeSelector: { disk: 'ssd' } });
		cluster.run('default', 'first', request('3'));
		await cluster.advance(1);
		cluster.run('default', 'second', request('3'));
		await cluster.advance(1);
		const messageOf = (name: string) =>
			cluster.getPod('default', name).status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
		assert.is(messageOf('big'), `0/1 nodes are available: 1 Insufficient cpu. ${tail}`);
		assert.is(
			messageOf('picky'),
			`0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. ${tail}`,
		);
		assert.is(
			messageOf('second'),
			'0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
		);
		client.delete('pods', 'default', 'first');
		client.update<Node>('nodes', '', nodeName, (node) => ({
			...node,
			metadata: { ...node.metadata, labels: { ...node.metadata.labels, disk: 'ssd' } },
		}));
		await cluster.advance(5);
		assert.is(cluster.getPod('default', 'second').spec.nodeName, nodeName);
		assert.is(cluster.getPod('default', 'picky').spec.nodeName, nodeName);
		assert.is(cluster.getPod('default', 'big').spec.nodeName, undefined);
		assert.ok(
			cluster
				.eventsOf('default', 'second')
				.some((event) => event.startsWith('Normal Scheduled Successfully assigned default/second to')),
		);
	}));

test('a tainted or cordoned node takes only who tolerates that', () =>
	withCluster(async (cluster) => {
		const { client } = cluster.cluster;
		const taint = { key: 'only', value: 'us', effect: 'NoSchedule' };
		client.update<Node>('nodes', '', nodeName, (node) => ({ ...node, spec: { ...node.spec, taints: [taint] } }));
		cluster.run('default', 'any', app);
		cluster.run('default', 'us', {
			...app,
			tolerations: [{ key: 'only', operator: 'Equal', value: 'us', effect: 'NoSchedule' }],
		});
		await cluster.advance(1);
		assert.ok(
			cluster.eventsOf('default', 'any').some((event) => event.includes('1 node(s) had untolerated taint(s).')),
		);
		assert.is(cluster.getPod('default', 'us').spec.nodeName, nodeName);
		client.update<Node>('nodes', '', nodeName, (node) => ({ ...node, spec: { unschedulable: true } }));
		await cluster.advance(1);
		assert.ok(cluster.eventsOf('default', 'any').some((event) => event.includes('1 node(s) were unschedulable.')));
	}));

test('a quota knows what is used', () =>
	withCluster(async (cluster) => {
		const hard = {
			pods: '4',
			'requests.cpu': '2',
			secrets: '3',
			'services.nodeports': '2',
			'count/deployments.apps': '1',
		};
		cluster.create('resourcequotas', 'ResourceQuota', 'q', { hard });
		cluster.run('default', 'p', {
			...app,
			containers: [{ name: 'app', image, resources: { requests: { cpu: '500m' } } }],
		});
		cluster.create('services', 'Service', 's', { type: 'NodePort', ports: [{ port: 80 }] });
		await cluster.advance(1);
		assert.equal(cluster.get('resourcequotas', 'q').status, {
			hard,
			used: {
				pods: '1',
				'requests.cpu': '500m',
				secrets: '1',
				'services.nodeports': '1',
				'count/deployments.apps': '0',
			},
		});
	}));

test.run();
