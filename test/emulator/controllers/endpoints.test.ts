import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/emulator/object.ts';
import { suite } from '../../harness.ts';
import { nodeName } from '../kubelet/node.ts';
import { image, startCluster } from './cluster.ts';

const test = suite('endpoints');

test('a Service has the addresses of its Pods, ready or not, and none when it is gone', async () => {
	const { cluster, advance, stop } = await startCluster();
	const { client } = cluster;
	const slices = () => client.list('endpointslices.discovery.k8s.io', 'default', 'kubernetes.io/service-name=web');
	const create = (type: string, kind: string, name: string, spec: object) =>
		client.create(type, 'default', {
			apiVersion: 'v1',
			kind,
			metadata: { name, labels: { app: 'web' } },
			spec,
		});
	try {
		create('services', 'Service', 'web', {
			selector: { app: 'web' },
			ports: [{ port: 80, protocol: 'TCP', targetPort: 'http' }],
		});
		await advance(0);
		assert.is(client.get('endpoints', 'default', 'web')?.['subsets'], undefined);
		assert.is(slices()[0]?.['endpoints'], null);

		const container = { name: 'app', image, ports: [{ name: 'http', containerPort: 8080 }] };
		create('pods', 'Pod', 'refused', { containers: [container] });
		create('pods', 'Pod', 'runs', { containers: [container], imagePullSecrets: [{ name: 'creds' }] });
		await advance(5);
		const address = (name: string) => {
			const pod = client.get<KubeObject & { status: { podIP: string } }>('pods', 'default', name);
			const targetRef = { kind: 'Pod', name, namespace: 'default', uid: pod?.metadata.uid };
			return { ip: pod?.status.podIP, nodeName, targetRef };
		};
		const ports = [{ port: 8080, protocol: 'TCP' }];
		assert.equal(client.get('endpoints', 'default', 'web')?.['subsets'], [
			{ addresses: [address('runs')], notReadyAddresses: [address('refused')], ports },
		]);
		const endpoints = slices()[0]?.['endpoints'] as { targetRef: { name: string }; conditions: { ready: boolean } }[];
		assert.equal(
			endpoints.map(({ targetRef, conditions }) => [targetRef.name, conditions.ready]),
			[
				['refused', false],
				['runs', true],
			],
		);

		client.delete('services', 'default', 'web');
		await advance(0);
		assert.is(client.get('endpoints', 'default', 'web'), null);
		assert.is(slices().length, 0);
	} finally {
		await stop();
	}
});

test.run();
