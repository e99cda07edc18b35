import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { startKubelet } from '../../../src/emulator/kubelet/kubelet.ts';
import type { ContainerState, Pod, PodSpec } from '../../../src/emulator/kubelet/pod.ts';
import { openPuller } from '../../../src/emulator/kubelet/puller.ts';
import { suite } from '../../harness.ts';
import { buildImage, host, listEvents, nodeName, startNode, type TestNode } from './node.ts';

/** What a real node (Kubernetes 1.35.4) did within four minutes with Pods whose program listens on no port. */
interface Recording {
	spec: PodSpec;
	/** Those of probes and of back-off: type, reason, field, message. */
	events: string[];
	/** All that was seen of containers. */
	states: string[];
}

const file = new URL('../../fixtures/probe-recordings.json', import.meta.url);
const recordings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Recording>;
const test = suite('probes');
const namespace = 'probes';
const image = `${host}/faults:1`;

async function withNode(play: (node: TestNode) => Promise<void>): Promise<void> {
	const node = await startNode();
	try {
		await node.push('faults', '1', await buildImage(['/greet', '/bin/true', '/bin/sleep']));
		await node.makeNamespace(namespace);
		node.createPullSecret(namespace, 'creds');
		await play(node);
	} finally {
		await node.stop();
	}
}

function run(node: TestNode, name: string, spec: Record<string, unknown> | PodSpec): Pod {
	const fill = (containers: unknown) => (containers as object[]).map((container) => ({ ...container, image }));
	return node.run(namespace, name, {
		...spec,
		containers: fill(spec.containers),
		...(spec.initContainers !== undefined && { initContainers: fill(spec.initContainers) }),
		imagePullSecrets: [{ name: 'creds' }],
	});
}

for (const [name, { spec, events, states }] of Object.entries(recordings)) {
	test(`${name}: says and does what a real node did`, () =>
		withNode(async (node) => {
			run(node, name, spec);
			const seen = new Set<string>();
			for (let half = 0; half < 420; half++) {
				await node.advance(0.5);
				for (const text of describe(node.getPod(namespace, name))) seen.add(text);
			}
			const said = listEvents(node.cluster.client.list('events', namespace), name)
				.filter(({ reason }) => ['Unhealthy', 'Killing', 'BackOff'].includes(reason))
				.map(
					({ type, reason, message, involvedObject }) =>
						`${type} ${reason} ${involvedObject.fieldPath} ${normalise(message)}`,
				);
			assert.equal([...new Set(said)].sort(), events);
			assert.equal([...seen].sort(), states);
		}));
}

function describe({ status }: Pod): string[] {
	return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map((container) =>
		[
			container.name,
			container.started ? 'started' : 'not started',
			container.ready ? 'ready' : 'not ready',
			describeState(container.state),
			`after ${describeState(container.lastState)}`,
		].join(', '),
	);
}

function describeState({ running, terminated, waiting }: ContainerState): string {
	if (running) return 'running';
	if (terminated) return `${terminated.reason} ${terminated.exitCode}`;
	if (!waiting) return 'nothing';
	return waiting.message === undefined ? String(waiting.reason) : `${waiting.reason}: ${normalise(waiting.message)}`;
}

function normalise(text: string): string {
	return (
		text
			.replace('(combined from similar events): ', '')
			// How long a wait is depends on how long the machine took; see below.
			.replace(/back-off \S+ restarting/, 'back-off WAIT restarting')
			.replaceAll(/10\.244\.\d+\.\d+/g, 'IP')
			.replace(/"[0-9a-f]{64}"/, '"ID"')
			.replace(/_probes\([0-9a-f-]+\)/, '_probes(UID)')
	);
}

test('two restarts are immediate, and then the waits double', () =>
	withNode(async (node) => {
		run(node, 'p', recordings['live-tcp']?.spec ?? {});
		const waits: string[] = [];
		for (let second = 0; second < 210; second++) {
			await node.advance(1);
			const [status] = node.getPod(namespace, 'p').status.containerStatuses ?? [];
			const [, wait] = /^back-off (\S+) /.exec(status?.state.waiting?.message ?? '') ?? [];
			const text = `${wait} after ${status?.restartCount} restarts`;
			if (wait !== undefined && waits.at(-1) !== text) waits.push(text);
		}
		assert.equal(waits, [
			'10s after 2 restarts',
			'20s after 3 restarts',
			'40s after 4 restarts',
			'1m20s after 5 restarts',
			'2m40s after 6 restarts',
		]);
	}));

test('a probe that succeeds lets the others begin, and the container be ready', () =>
	withNode(async (node) => {
		run(node, 'p', {
			containers: [
				{
					name: 'app',
					startupProbe: { exec: { command: ['sleep', '0.5'] }, initialDelaySeconds: 5, periodSeconds: 1 },
					readinessProbe: { exec: { command: ['/bin/true'] }, periodSeconds: 1, successThreshold: 3 },
				},
			],
		});
		const seen: string[] = [];
		for (let half = 0; half < 40; half++) {
			await node.advance(0.5);
			for (const text of describe(node.getPod(namespace, 'p'))) if (seen.at(-1) !== text) seen.push(text);
		}
		assert.equal(seen.slice(1), [
			'app, not started, not ready, running, after nothing',
			'app, started, not ready, running, after nothing',
			'app, started, ready, running, after nothing',
		]);
		assert.not.ok(node.eventsOf(namespace, 'p').some((event) => event.includes('Unhealthy')));
	}));

test('whether a container is ready is asked as soon as it runs, however long the period', () =>
	withNode(async (node) => {
		const readinessProbe = { exec: { command: ['true'] }, periodSeconds: 60 };
		run(node, 'p', { containers: [{ name: 'app', readinessProbe }] });
		await node.advance(4);
		assert.equal(describe(node.getPod(namespace, 'p')), ['app, started, ready, running, after nothing']);
	}));

test('three failures ten seconds apart are what it takes where nothing else is said', () =>
	withNode(async (node) => {
		run(node, 'p', { containers: [{ name: 'app', livenessProbe: { tcpSocket: { port: 9 } } }] });
		await node.advance(29);
		const isKilled = () => node.eventsOf(namespace, 'p').some((event) => event.includes('Killing'));
		assert.is(isKilled(), false);
		await node.advance(3);
		assert.is(isKilled(), true);
	}));

test('what was killed is started again where only failures count, though it ended well', () =>
	withNode(async (node) => {
		const livenessProbe = { tcpSocket: { port: 9 }, periodSeconds: 1, failureThreshold: 1 };
		run(node, 'p', { restartPolicy: 'OnFailure', containers: [{ name: 'app', livenessProbe }] });
		await node.advance(8);
		const [status] = node.getPod(namespace, 'p').status.containerStatuses ?? [];
		assert.is(status?.restartCount, 2);
		assert.is(status?.lastState.terminated?.exitCode, 0);
	}));

test('of a Pod that never restarts, one container is killed and the others stay', () =>
	withNode(async (node) => {
		const livenessProbe = { tcpSocket: { port: 9 }, periodSeconds: 1, failureThreshold: 1 };
		run(node, 'p', { restartPolicy: 'Never', containers: [{ name: 'app', livenessProbe }, { name: 'other' }] });
		await node.advance(20);
		assert.equal(describe(node.getPod(namespace, 'p')), [
			'app, not started, not ready, Completed 0, after nothing',
			'other, started, ready, running, after nothing',
		]);
		const killings = node.eventsOf(namespace, 'p').filter((event) => event.includes('Killing'));
		assert.equal(killings, ['Normal Killing Container app failed liveness probe x1']);
	}));

test('a kubelet that starts again holds to what was found before', () =>
	withNode(async (node) => {
		const success = { exec: { command: ['/bin/true'] }, periodSeconds: 30 };
		run(node, 'good', { containers: [{ name: 'app', startupProbe: success, readinessProbe: success }] });
		run(node, 'bad', { containers: [{ name: 'app', livenessProbe: { tcpSocket: { port: 9 } } }] });
		await node.advance(70);
		const { status } = node.getPod(namespace, 'good');
		assert.is(status.containerStatuses?.[0]?.ready, true);
		node.kubelet.stop();
		const puller = openPuller({ routes: { [host]: node.registry.url } });
		const again = startKubelet(node.cluster.client, node.clock, {
			node: { name: nodeName, addresses: ['172.18.0.2'] },
			pull: puller,
		});
		try {
			const [before] = node.getPod(namespace, 'bad').status.containerStatuses ?? [];
			await node.advance(5);
			assert.equal(node.getPod(namespace, 'good').status, status);
			await node.clock.advance(90_000, () => again.settled());
			const [after] = node.getPod(namespace, 'bad').status.containerStatuses ?? [];
			assert.ok((after?.restartCount ?? 0) > (before?.restartCount ?? 0));
		} finally {
			again.stop();
			puller.close();
		}
	}));

test('a Pod that is deleted is probed no more', () =>
	withNode(async (node) => {
		run(node, 'p', recordings['live-tcp']?.spec ?? {});
		await node.advance(3);
		node.cluster.client.delete('pods', namespace, 'p');
		await node.advance(5);
		const before = node.eventsOf(namespace, 'p');
		await node.advance(60);
		assert.is(node.cluster.client.get('pods', namespace, 'p'), null);
		assert.equal(node.eventsOf(namespace, 'p'), before);
	}));

test.run();
