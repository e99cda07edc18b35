import * as assert from 'uvu/assert';
import type { Node, Pod } from '../../../src/emulator/kubelet/pod.ts';
import { suite } from '../../harness.ts';
import { nodeName } from '../kubelet/node.ts';
import { image, startCluster, type TestCluster } from './cluster.ts';

const test = suite('who is scheduled, who waits, and who has to go');

interface Play extends TestCluster {
	make(name: string, spec?: object, labels?: object): void;
	nodeOf(name: string): string | undefined;
	refusalOf(name: string): string | undefined;
	/** How often it was refused. */
	refusalsOf(name: string): number;
	changeNode(change: (node: Node) => Node): void;
}

async function play(script: (cluster: Play) => Promise<void>): Promise<void> {
	const cluster = await startCluster();
	const { client } = cluster.cluster;
	try {
		await script({
			...cluster,
			make(name, spec = {}, labels = {}) {
				const containers = [{ name: 'app', image }];
				const full = { containers, terminationGracePeriodSeconds: 1, imagePullSecrets: [{ name: 'creds' }], ...spec };
				client.create('pods', 'default', { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: full });
			},
			nodeOf: (name) => cluster.getPod('default', name).spec.nodeName,
			refusalOf: (name) =>
				cluster.getPod('default', name).status.conditions?.find(({ reason }) => reason === 'Unschedulable')?.message,
			refusalsOf: (name) =>
				cluster
					.eventsOf('default', name)
					.filter((event) => event.includes('FailedScheduling'))
					.reduce((sum, event) => sum + Number(/ x(\d+)$/.exec(event)?.[1]), 0),
			changeNode: (change) => void client.update<Node>('nodes', '', nodeName, change),
		});
	} finally {
		await cluster.stop();
	}
}

const claiming = (hostPort: number, more: object = {}) => ({
	containers: [{ name: 'app', image, ports: [{ containerPort: 80, hostPort, ...more }] }],
});

const wants = (kind: string, app: string, topologyKey = 'kubernetes.io/hostname') => ({
	affinity: {
		[kind]: {
			requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: { matchLabels: { app } } }],
		},
	},
});

const words = (
	reason: string,
	preemption = '0/1 nodes are available: 1 No preemption victims found for incoming pod.',
) => `0/1 nodes are available: 1 ${reason}. no new claims to deallocate, preemption: ${preemption}`;
const helpless = '0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
const noPorts = "node(s) didn't have free ports for the requested pod ports";

test('a port of the node is taken by one Pod, for its address and protocol', () =>
	play(async ({ make, nodeOf, refusalOf, refusalsOf, advance, cluster: { client } }) => {
		make('first', claiming(8080));
		make('second', claiming(8080, { hostIP: '127.0.0.1' }));
		make('udp', claiming(8080, { protocol: 'UDP' }));
		make('one', claiming(8081, { hostIP: '127.0.0.1' }));
		make('other', claiming(8081, { hostIP: '127.0.0.2' }));
		await advance(2);
		assert.is(refusalOf('second'), words(noPorts));
		for (const name of ['first', 'udp', 'one', 'other']) assert.is(nodeOf(name), nodeName, name);
		client.delete('pods', 'default', 'udp');
		await advance(3);
		assert.is(refusalsOf('second'), 1, 'what has gone was not in its way');
		client.delete('pods', 'default', 'first');
		await advance(3);
		assert.is(nodeOf('second'), nodeName);
	}));

test('a Pod is placed near those it wants, and away from those it or they do not', () =>
	play(async ({ make, nodeOf, refusalOf, advance }) => {
		make('lonely', wants('podAffinity', 'friend'));
		make('first', wants('podAffinity', 'many'), { app: 'many' });
		make('zoned', wants('podAffinity', 'many', 'zone'), { app: 'many' });
		make('alone', wants('podAntiAffinity', 'alone'), { app: 'alone' });
		make('as-alone', wants('podAntiAffinity', 'alone'), { app: 'alone' });
		make('unwelcome', {}, { app: 'alone' });
		await advance(2);
		assert.is(nodeOf('first'), nodeName);
		assert.is(nodeOf('alone'), nodeName);
		assert.is(refusalOf('lonely'), words("node(s) didn't match pod affinity rules", helpless));
		assert.is(refusalOf('zoned'), words("node(s) didn't match pod affinity rules", helpless));
		assert.is(refusalOf('as-alone'), words("node(s) didn't match pod anti-affinity rules"));
		assert.is(refusalOf('unwelcome'), words("node(s) didn't satisfy existing pods anti-affinity rules"));
		make('friend', {}, { app: 'friend' });
		await advance(1);
		assert.is(nodeOf('lonely'), nodeName);
	}));

test('Pods of another namespace count where it is named or selected', () =>
	play(async ({ make, nodeOf, advance, makeNamespace, run, cluster: { client } }) => {
		await makeNamespace('other');
		client.update('namespaces', '', 'other', (namespace) => ({
			...namespace,
			metadata: { ...namespace.metadata, labels: { team: 'blue' } },
		}));
		const { metadata } = run('other', 'friend', { containers: [{ name: 'app', image }] });
		client.update<Pod>('pods', 'other', metadata.name, (pod) => ({
			...pod,
			metadata: { ...pod.metadata, labels: { app: 'friend' } },
		}));
		const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'friend' } } };
		const near = (more: object) => ({
			affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, ...more }] } },
		});
		make('own', near({}));
		make('named', near({ namespaces: ['other'] }));
		make('selected', near({ namespaceSelector: { matchLabels: { team: 'blue' } } }));
		make('all', near({ namespaceSelector: {} }));
		make('no-such', near({ namespaceSelector: { matchLabels: { team: 'red' } } }));
		await advance(1);
		assert.equal(
			['own', 'named', 'selected', 'all', 'no-such'].map((name) => nodeOf(name) !== undefined),
			[false, true, true, true, false],
		);
	}));

test('Pods are spread over domains, of which there may have to be more', () =>
	play(async ({ make, nodeOf, refusalOf, advance, changeNode, cluster: { client } }) => {
		const reason = "node(s) didn't match pod topology spread constraints";
		const spread = (more: object = {}) => ({
			topologySpreadConstraints: [
				{
					maxSkew: 1,
					topologyKey: 'kubernetes.io/hostname',
					whenUnsatisfiable: 'DoNotSchedule',
					labelSelector: { matchLabels: { app: 'even' } },
					...more,
				},
			],
		});
		make('zoned', spread({ topologyKey: 'zone' }), { app: 'even' });
		make('anyway', spread({ topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }));
		make('one', spread({ minDomains: 2 }), { app: 'even' });
		make('two', spread({ minDomains: 2 }), { app: 'even' });
		make('only-domain', spread(), { app: 'even' });
		await advance(2);
		assert.is(refusalOf('zoned'), words(`${reason} (missing required label)`, helpless));
		assert.is(refusalOf('two'), words(reason));
		for (const name of ['anyway', 'one', 'only-domain']) assert.is(nodeOf(name), nodeName, name);
		changeNode((node) => ({ ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, zone: 'a' } } }));
		await advance(1);
		assert.is(nodeOf('zoned'), nodeName);

		// A second domain takes what would tip the first.
		client.create('nodes', '', {
			apiVersion: 'v1',
			kind: 'Node',
			metadata: { name: 'second', labels: { 'kubernetes.io/hostname': 'second' } },
			spec: {},
			status: { allocatable: { pods: '10' } },
		});
		await advance(1);
		assert.is(nodeOf('two'), 'second');
		const here = { nodeSelector: { zone: 'a' } };
		make('own-domain', { ...spread(), ...here }, { app: 'even' });
		make('all-domains', { ...spread({ nodeAffinityPolicy: 'Ignore' }), ...here }, { app: 'even' });
		await advance(1);
		assert.is(nodeOf('own-domain'), nodeName, 'the other domain is none that it could be in');
		assert.is(nodeOf('all-domains'), undefined);
		client.update<Node>('nodes', '', 'second', (node) => ({
			...node,
			spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] },
		}));
		const honest = { nodeAffinityPolicy: 'Ignore', nodeTaintsPolicy: 'Honor' };
		make('tolerated-domains', { ...spread(honest), ...here }, { app: 'even' });
		await advance(1);
		assert.is(nodeOf('tolerated-domains'), nodeName);
	}));

test('a Pod waits for its claims', () =>
	play(async ({ make, nodeOf, refusalOf, advance, cluster: { client } }) => {
		make('none', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] });
		make('own', { volumes: [{ name: 'data', ephemeral: {} }] });
		await advance(1);
		assert.is(refusalOf('none'), '0/1 nodes are available: persistentvolumeclaim "data" not found. not found');
		assert.is(
			refusalOf('own'),
			'0/1 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "own-data". not found',
		);
		const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} };
		client.create('persistentvolumeclaims', 'default', claim);
		await advance(1);
		assert.is(
			refusalOf('none'),
			'0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
		);
		client.update('persistentvolumeclaims', 'default', 'data', (stored) => ({
			...stored,
			spec: { volumeName: 'volume' },
		}));
		await advance(1);
		assert.is(nodeOf('none'), nodeName);
	}));

test('who is more important turns out the fewest, the least important first', () =>
	play(async ({ make, nodeOf, refusalOf, getPod, advance, cluster: { client }, eventsOf }) => {
		const needing = (cpu: string, priority: number, more: object = {}) => ({
			priority,
			containers: [{ name: 'app', image, resources: { requests: { cpu } } }],
			...more,
		});
		make('small', needing('1', 1));
		make('large', needing('2', 2));
		make('old', needing('1', 3));
		await advance(2);
		make('meek', needing('1', 9, { preemptionPolicy: 'Never' }));
		make('high', needing('1', 10));
		await advance(0);
		assert.is(refusalOf('meek'), words('Insufficient cpu', 'not eligible due to preemptionPolicy=Never.'));
		assert.is(refusalOf('high'), '0/1 nodes are available: 1 Insufficient cpu.');
		assert.is(getPod('default', 'high').status.nominatedNodeName, nodeName);
		assert.equal(
			getPod('default', 'small').status.conditions?.find(({ type }) => type === 'DisruptionTarget'),
			{
				lastProbeTime: null,
				lastTransitionTime: '2026-01-01T00:00:02Z',
				message: 'default-scheduler: preempting to accommodate a higher priority pod',
				observedGeneration: 1,
				reason: 'PreemptionByScheduler',
				status: 'True',
				type: 'DisruptionTarget',
			},
		);
		assert.ok(getPod('default', 'small').metadata.deletionTimestamp);
		assert.ok(
			eventsOf('default', 'small').includes(
				`Normal Preempted Preempted by pod ${getPod('default', 'high').metadata.uid} on node ${nodeName} x1`,
			),
		);
		// Room that is kept for another is taken; and one who waits does not turn out yet another.
		make('middle', needing('1', 2));
		client.update<Pod>('pods', 'default', 'high', (pod) => ({ ...pod, spec: { ...pod.spec, tolerations: [] } }));
		await advance(0);
		assert.is(refusalOf('middle'), words('Insufficient cpu', '0/1 nodes are available: 1 Insufficient cpu.'));
		assert.is(
			refusalOf('high'),
			words('Insufficient cpu', 'not eligible due to a terminating pod on the nominated node.'),
		);
		await advance(3);
		assert.is(nodeOf('high'), nodeName);
		assert.equal(
			['large', 'old'].map((name) => nodeOf(name)),
			[nodeName, nodeName],
		);
		assert.is(client.get('pods', 'default', 'small'), null);
		// All who are less important would not make room enough.
		make('huge', needing('4', 4));
		await advance(0);
		assert.is(refusalOf('huge'), words('Insufficient cpu', '0/1 nodes are available: 1 Insufficient cpu.'));
	}));

test('a Pod may ask for all its containers, and costs something itself', () =>
	play(async ({ make, nodeOf, refusalOf, advance }) => {
		const containers = [{ name: 'app', image, resources: { requests: { cpu: '3' } } }];
		make('whole', { containers, resources: { requests: { cpu: '1' } } });
		make('costly', { containers, overhead: { cpu: '1' } });
		make('fits', { containers });
		await advance(1);
		assert.is(nodeOf('whole'), nodeName);
		assert.is(refusalOf('costly'), words('Insufficient cpu'));
		assert.is(nodeOf('fits'), nodeName);
	}));

test('nobody is tried again for what does not help, but after five minutes', () =>
	play(async ({ make, advance, changeNode, refusalsOf, run, cluster: { client } }) => {
		make('picky', { nodeSelector: { disk: 'ssd' } });
		await advance(1);
		const label = (labels: object) =>
			changeNode((node) => ({
				...node,
				metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...labels } },
			}));
		label({ colour: 'blue' });
		label({ disk: 'hdd' });
		run('default', 'p', { containers: [{ name: 'app', image }] });
		await advance(1);
		client.delete('pods', 'default', 'p');
		await advance(240);
		assert.is(refusalsOf('picky'), 1);
		await advance(60);
		assert.is(refusalsOf('picky'), 2);
	}));

test('a node that is cordoned bears a taint, and every change of taints is tried', () =>
	play(async ({ make, nodeOf, refusalOf, advance, changeNode, eventsOf, cluster: { client } }) => {
		const taints = () => client.get<Node>('nodes', '', nodeName)?.spec.taints;
		const only = { key: 'only', effect: 'PreferNoSchedule' };
		changeNode((node) => ({ ...node, spec: { ...node.spec, taints: [only] } }));
		make('picky', { nodeSelector: { disk: 'ssd' } });
		await advance(0);
		changeNode((node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
		make('p');
		await advance(0);
		assert.equal(taints(), [
			only,
			{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' },
		]);
		assert.is(refusalOf('p'), words('node(s) were unschedulable', helpless));
		changeNode(({ spec: { unschedulable: _, ...spec }, ...node }) => ({ ...node, spec }));
		await advance(0);
		assert.equal(taints(), [only]);
		assert.is(nodeOf('p'), nodeName);
		// The node is free again a moment before its taint is gone.
		const refusals = (name: string) =>
			eventsOf('default', name).flatMap(
				(event) => /available: 1 (node.*?)\. no new.* (x\d)$/.exec(event)?.slice(1).join(' ') ?? [],
			);
		assert.equal(refusals('p'), ['node(s) were unschedulable x1', 'node(s) had untolerated taint(s) x1']);
		assert.equal(refusals('picky'), [
			"node(s) didn't match Pod's node affinity/selector x2",
			'node(s) were unschedulable x1',
			'node(s) had untolerated taint(s) x1',
		]);
	}));

test('a Pod leaves a node whose taint it does not tolerate, or not for ever', () =>
	play(async ({ make, advance, changeNode, getPod, eventsOf, cluster: { client } }) => {
		const taint = { key: 'k', value: 'v', effect: 'NoExecute' };
		const tolerating = (more: object = {}) => ({ tolerations: [{ key: 'k', operator: 'Exists', ...more }] });
		make('goes');
		make('stays', tolerating());
		make('later', tolerating({ effect: 'NoExecute', tolerationSeconds: 10 }));
		await advance(2);
		const setTaints = (taints: object[]) =>
			changeNode((node) => ({ ...node, spec: { ...node.spec, taints } }) as unknown as Node);
		const isThere = (name: string) => client.get('pods', 'default', name) !== null;
		setTaints([taint]);
		await advance(0);
		assert.is(
			getPod('default', 'goes').status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.message,
			'Taint manager: deleting due to NoExecute taint',
		);
		assert.ok(
			eventsOf('default', 'goes').includes('Normal TaintManagerEviction Marking for deletion Pod default/goes x1'),
		);
		await advance(5);
		assert.equal(['goes', 'stays', 'later'].map(isThere), [false, true, true]);
		setTaints([]);
		await advance(30);
		assert.ok(isThere('later'));
		assert.ok(
			eventsOf('default', 'later').includes('Normal TaintManagerEviction Cancelling deletion of Pod default/later x1'),
		);
		setTaints([taint]);
		await advance(5);
		client.update<Pod>('pods', 'default', 'later', (pod) => ({
			...pod,
			metadata: { ...pod.metadata, labels: { its: 'patience goes on' } },
		}));
		await advance(4);
		assert.ok(isThere('later'));
		await advance(3);
		assert.equal(['stays', 'later'].map(isThere), [true, false]);
	}));

test('a Pod on a node that is not there is deleted after a while', () =>
	play(async ({ make, advance, getPod, cluster: { client } }) => {
		make('lost', { nodeName: 'nosuch' });
		const kept = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'kept', finalizers: ['example.com/seen'] } };
		client.create('pods', 'default', { ...kept, spec: { nodeName: 'nosuch', containers: [{ name: 'app', image }] } });
		await advance(40);
		assert.is(getPod('default', 'lost').status.phase, 'Pending');
		await advance(20);
		assert.is(client.get('pods', 'default', 'lost'), null);
		const { phase, conditions } = getPod('default', 'kept').status;
		assert.is(phase, 'Failed');
		assert.is(conditions?.at(-1)?.reason, 'DeletionByPodGC');
		assert.is(conditions?.at(-1)?.message, 'PodGC: node no longer exists');
	}));

test.run();
