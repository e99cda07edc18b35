import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import type { ContainerStatus, PodStatus } from '../../../src/emulator/kubelet/pod.ts';
import { suite } from '../../harness.ts';
import { buildImage, host, listEvents, nodeName, startNode, type TestNode } from './node.ts';

/** What a real node (Kubernetes 1.35.4, containerd 2.1.9) did with the same objects within a minute. */
interface Recording {
	objects: { kind: string; metadata: { name: string }; [field: string]: unknown }[];
	/** Type, reason, kind, message. */
	events: [type: string, reason: string, kind: string, message: string][];
	/** By `reason: message`. */
	counts: Record<string, number>;
	pods: PodStatus[];
}

const file = new URL('../../fixtures/node-recordings.json', import.meta.url);
const { 'cached-image': cached, ...recordings } = JSON.parse(readFileSync(file, 'utf8'));
const test = suite<Record<string, TestNode>>('what a real node did');
const types: Record<string, string> = {
	Pod: 'pods',
	Secret: 'secrets',
	ServiceAccount: 'serviceaccounts',
	Deployment: 'deployments.apps',
};

for (const [name, recording] of Object.entries(recordings as Record<string, Recording>)) {
	test(name, async () => {
		const node = await startNode();
		const namespace = `s-${name}`;
		try {
			await node.push('myapp', name, await buildImage(['/bin/busybox'], name));
			await node.makeNamespace(namespace);
			for (const object of recording.objects)
				node.cluster.client.create(types[object.kind] ?? '', namespace, complete(object));
			await node.advance(54);
			const pods = node.cluster.client.list('pods', namespace);
			const uid = pods[0]?.metadata.uid ?? '';
			const normalise = (text: string) => normaliseText(text, node.registry.url, uid);

			const events = node.cluster.client
				.list('events', namespace)
				.flatMap((event) => listEvents([event], String((event.involvedObject as { name: string }).name)));
			const seen = events.map(
				({ type, reason, involvedObject, message }) => `${type} ${reason} ${involvedObject.kind} ${normalise(message)}`,
			);
			assert.equal(unique(seen), unique(recording.events.map((event) => event.join(' '))), 'events');
			for (const [text, wanted] of Object.entries(recording.counts)) {
				const event = events.find(({ reason, message }) => `${reason}: ${normalise(message)}` === text);
				// A sync comes 10 to 15 seconds after one that failed, so that one more or less is chance.
				assert.ok(
					event && Math.abs(event.count - wanted) <= 1,
					`${text}: x${event?.count} where a real node has x${wanted}`,
				);
			}

			const statuses = pods.map(
				({ status }) => JSON.parse(normaliseStatus(JSON.stringify(status), normalise)) as PodStatus,
			);
			assert.is(statuses.length, recording.pods.length);
			for (const [index, wanted] of recording.pods.entries()) compareStatus(statuses[index] ?? {}, wanted);
		} finally {
			await node.stop();
		}
	});
}

test('an image that is on the node already', async () => {
	const node = await startNode();
	const { client } = node.cluster;
	try {
		await node.push('myapp', 'pod-secret', await buildImage(['/bin/busybox']));
		await node.makeNamespace('cached');
		await node.makeNamespace('before');
		node.createPullSecret('before', 'goodpw');
		node.createPullSecret('cached', 'goodpw');
		node.createPullSecret('cached', 'wrongpw', 'nope');
		const image = `${host}/myapp:pod-secret`;
		node.run('before', 'p', { containers: [{ name: 'app', image }], imagePullSecrets: [{ name: 'goodpw' }] });
		await node.advance(5);
		const pods = Object.entries(
			cached.pods as Record<string, { policy: string; secrets: string[]; state: [string, string] }>,
		);
		for (const [name, { policy, secrets }] of pods) {
			node.run('cached', name, {
				containers: [{ name: 'app', image, imagePullPolicy: policy }],
				imagePullSecrets: secrets.map((secret) => ({ name: secret })),
			});
		}
		await node.advance(36);
		for (const [name, { state }] of pods) {
			const [status] = node.getPod('cached', name).status.containerStatuses ?? [];
			const [kind = '', { reason = '' } = {}] = Object.entries(status?.state ?? {})[0] as [string, { reason?: string }];
			assert.is(kind, state[0], name);
			assert.ok(reason === state[1] || isAlternating(reason, state[1]), `${name}: ${reason}`);
		}
		const events = client.list('events', 'cached').map((event) => {
			const { type, reason, message, involvedObject } = event as unknown as {
				type: string;
				reason: string;
				message: string;
				involvedObject: { name: string };
			};
			return `${involvedObject.name} ${type} ${reason} ${normaliseText(message, node.registry.url, '')}`;
		});
		assert.equal(unique(events), unique((cached.events as string[][]).map((event) => event.join(' '))));
	} finally {
		await node.stop();
	}
});

test.run();

/** What an API server would have added to a Deployment. */
function complete(object: Recording['objects'][number]): object {
	if (object.kind !== 'Deployment') return { apiVersion: 'v1', ...object };
	const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };
	const defaults = { revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy };
	return { ...object, spec: { ...defaults, ...(object.spec as object) } };
}

function normaliseText(text: string, registry: string, uid: string): string {
	return text
		.replaceAll(registry, 'REGISTRY')
		.replaceAll(nodeName, 'NODE')
		.replaceAll(uid === '' ? '\0' : uid, 'UID')
		.replace(/in [\d.m]+s \([\d.m]+s including waiting\)/, 'in DURATION')
		.replace(/Image size: \d+/, 'Image size: SIZE')
		.replace(/web-[0-9a-z]{8,10}-[a-z0-9]{5}/, 'WEB-POD')
		.replace(/web-[0-9a-z]{8,10}/, 'WEB');
}

function normaliseStatus(text: string, normalise: (text: string) => string): string {
	return normalise(text)
		.replace(/@sha256:[0-9a-f]{64}/g, '@DIGEST')
		.replace(/,?"containerID":"containerd:[^"]*"/g, '')
		.replaceAll('{,', '{')
		.replace(/"(startedAt|finishedAt)":"20[^"]*"/g, '"$1":"TIME"')
		.replace(/,?"lastTransitionTime":"[^"]*"/g, '')
		.replaceAll('kube-api-access-xxxxx', 'TOKEN');
}

function compareStatus(status: PodStatus, wanted: PodStatus): void {
	assert.is(status.phase, wanted.phase);
	assert.equal(status.conditions, wanted.conditions, 'conditions');
	for (const list of ['initContainerStatuses', 'containerStatuses'] as const) {
		assert.is(status[list]?.length, wanted[list]?.length);
		for (const [index, container] of (wanted[list] ?? []).entries()) {
			compareContainer(status[list]?.[index] as ContainerStatus, container);
		}
	}
}

/** A pull that fails is told in two ways, by turns; a container that ends, in three. */
function compareContainer(status: ContainerStatus, wanted: ContainerStatus): void {
	const { state, lastState, restartCount, ...rest } = status;
	const { state: wantedState, lastState: wantedLast, restartCount: wantedCount, ...wantedRest } = wanted;
	assert.equal(rest, wantedRest, 'container');
	assert.ok(Math.abs(restartCount - wantedCount) <= 1);
	const reason = state.waiting?.reason ?? '';
	if (isAlternating(reason, wantedState.waiting?.reason ?? '')) return;
	if (wantedCount > 0 && reason === 'CrashLoopBackOff') return;
	assert.equal(state, wantedState, 'state');
	assert.equal(lastState, wantedLast, 'last state');
}

function isAlternating(one: string, other: string): boolean {
	const turns = ['ErrImagePull', 'ImagePullBackOff'];
	return one !== other && turns.includes(one) && turns.includes(other);
}

function unique(texts: readonly string[]): string[] {
	return [...new Set(texts)].sort();
}
