/** The kubelet of the embedded cluster's node: everything up to the start of a container is true, and none is started. */

import type { ClusterClient } from '../cluster-client.ts';
import { createEventRecorder } from '../controllers/event-recorder.ts';
import type { Change } from '../store.ts';
import type { TimerClock } from '../timers.ts';
import { createBackOff } from './back-off.ts';
import type { ImageStore } from './ensure-image.ts';
import { keepNode, type NodeIdentity } from './node.ts';
import type { NodeContext } from './node-context.ts';
import { type NodeDisk, openNodeDisk } from './node-disk.ts';
import type { NodeImages } from './node-images.ts';
import type { Pod } from './pod.ts';
import { findNewest } from './pod-runtime.ts';
import { createPodWorker, type PodWorker } from './pod-worker.ts';
import { createPullQueue } from './pull-queue.ts';
import type { Puller } from './puller.ts';
import { composeCommand } from './run.ts';
import { createSandboxes } from './sandboxes.ts';

export interface KubeletOptions {
	node: NodeIdentity;
	pull: Puller;
	/** Default: nothing outlives the process. */
	disk?: NodeDisk | undefined;
	/** Milliseconds between two looks at the containers (the relist of the PLEG); default: a real kubelet's 1000. */
	relistPeriod?: number | undefined;
	/** Milliseconds that a Pod's sandbox takes; default: what was seen on a kind node, 100. */
	sandboxPeriod?: number | undefined;
}

export interface Kubelet {
	stop(): void;
	/** Resolves once no pull is under way: until then a clock that jumps must not. */
	settled(): Promise<void>;
	/** What would run, for whoever asks what it would have logged; null: nothing does. */
	describeContainer(podUid: string, container: string): RunningProgram | null;
	/** What the node holds: also what came to it by another way than a pull. */
	readonly images: NodeImages;
}

export interface RunningProgram {
	/** `registry.example.com/myapp@sha256:…` */
	image: string;
	command: string[];
	/** RFC 3339. */
	startedAt: string;
}

export function startKubelet(
	client: ClusterClient,
	clock: TimerClock,
	{ node, pull, disk = openNodeDisk(null), relistPeriod = 1000, sandboxPeriod = 100 }: KubeletOptions,
): Kubelet {
	const workers = new Map<string, PodWorker>();
	const pulls = countPulls(pull);
	const { images, records } = disk;
	const store: ImageStore = {
		clock,
		images,
		records,
		backOff: createBackOff(),
		queue: createPullQueue(pulls.puller, clock),
		lastFailures: new Map(),
	};
	const context: NodeContext = {
		client,
		clock,
		recorder: createEventRecorder(client, clock, { component: 'kubelet', host: node.name }),
		store,
		restarts: createBackOff(),
		addresses: node.addresses,
		relistPeriod,
		makeSandbox: createSandboxes(clock, sandboxPeriod, () =>
			[...workers.values()].flatMap(({ runtime }) => runtime.ip ?? []),
		),
	};

	function take(pod: Pod): void {
		const { uid = '' } = pod.metadata;
		if (pod.spec.nodeName !== node.name) return;
		const worker = workers.get(uid);
		if (worker) worker.update(pod);
		else workers.set(uid, createPodWorker(context, pod));
	}

	function forget({ metadata: { uid = '' } }: Pod): void {
		workers.get(uid)?.drop();
		workers.delete(uid);
		store.backOff.forget(`${uid}_`);
		context.restarts.forget(`${uid}_`);
		for (const key of store.lastFailures.keys()) if (key.startsWith(`${uid}_`)) store.lastFailures.delete(key);
	}

	const stopNode = keepNode(client, clock, node, images);
	const stopWatch = client.watch(['pods'], ({ type, object }: Change) => {
		if (type === 'DELETED') forget(object as Pod);
		else take(object as Pod);
	});
	for (const pod of client.list<Pod>('pods', null)) take(pod);

	return {
		stop() {
			stopWatch();
			stopNode();
			for (const worker of workers.values()) worker.stop();
		},
		images,
		settled: pulls.settled,
		describeContainer(podUid, name) {
			const pod = client.list<Pod>('pods', null).find(({ metadata }) => metadata.uid === podUid);
			const spec = [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])].find(
				(container) => container.name === name,
			);
			const runtime = workers.get(podUid)?.runtime;
			const running = runtime && findNewest(runtime, name);
			if (!spec || !running?.startedAt) return null;
			return {
				image: running.image.repoDigest,
				command: composeCommand(spec, running.image),
				startedAt: running.startedAt,
			};
		},
	};
}

/** The puller, and when it is idle. */
function countPulls(puller: Puller): { puller: Puller; settled(): Promise<void> } {
	let underWay = 0;
	let waiting: (() => void)[] = [];
	return {
		puller: {
			...puller,
			async pull(image, credentials) {
				underWay += 1;
				try {
					return await puller.pull(image, credentials);
				} finally {
					underWay -= 1;
					if (underWay === 0) for (const resolve of waiting.splice(0)) resolve();
				}
			},
		},
		settled() {
			if (underWay === 0) return Promise.resolve();
			return new Promise((resolve) => {
				waiting = [...waiting, resolve];
			});
		},
	};
}
