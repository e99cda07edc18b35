/** A node with its kubelet and controllers, and a registry to pull from, for tests. */

import { packTar } from 'modern-tar';
import { startControllers } from '../../../src/emulator/controllers/index.ts';
import { startKubelet } from '../../../src/emulator/kubelet/kubelet.ts';
import type { Pod } from '../../../src/emulator/kubelet/pod.ts';
import { openPuller } from '../../../src/emulator/kubelet/puller.ts';
import type { KubeObject } from '../../../src/emulator/object.ts';
import { openRegistryClient } from '../../../src/oci/client.ts';
import { describeJson, type OciImage } from '../../../src/oci/content.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import { type RunningRegistry, startRegistry } from '../../../src/oci/server/index.ts';
import { imageOf } from '../../oci/image-of.ts';
import { JumpingClock } from './jumping-clock.ts';
import { createSmallCluster } from './small-cluster.ts';

export const host = 'registry.example.com';
export const nodeName = 'lab-control-plane';
const credentials = { username: 'myuser', password: 'mypassword' };

export interface TestNode {
	clock: JumpingClock;
	cluster: ReturnType<typeof createSmallCluster>;
	registry: RunningRegistry;
	kubelet: ReturnType<typeof startKubelet>;
	advance(seconds: number): Promise<void>;
	push(repository: string, tag: string, image: OciImage): Promise<string>;
	makeNamespace(name: string): Promise<void>;
	createPullSecret(namespace: string, name: string, password?: string): void;
	run(namespace: string, name: string, spec: object): Pod;
	getPod(namespace: string, name: string): Pod;
	/** `type reason message`, oldest first, with counts. */
	eventsOf(namespace: string, name: string): string[];
	stop(): Promise<void>;
}

export interface NodeOptions {
	routes?: Record<string, string>;
}

export async function startNode({ routes = {} }: NodeOptions = {}): Promise<TestNode> {
	const clock = new JumpingClock();
	const cluster = createSmallCluster(clock);
	const { client } = cluster;
	const registry = await startRegistry({ users: { credentials: [credentials] } });
	const puller = openPuller({ routes: { [host]: registry.url, ...routes }, patience: 5000 });
	const stopControllers = startControllers(client, clock);
	const kubelet = startKubelet(client, clock, { node: { name: nodeName, addresses: ['172.18.0.2'] }, pull: puller });

	return {
		clock,
		cluster,
		registry,
		kubelet,
		advance: (seconds) => clock.advance(seconds * 1000, () => kubelet.settled()),
		async push(repository, tag, image) {
			const pusher = openRegistryClient({ endpoint: registry.url, credentials });
			const { digest } = await pusher.pushImage(image, repository, tag);
			pusher.close();
			return digest;
		},
		async makeNamespace(name) {
			client.create('namespaces', '', {
				apiVersion: 'v1',
				kind: 'Namespace',
				metadata: { name },
				spec: { finalizers: ['kubernetes'] },
				status: { phase: 'Active' },
			});
			await clock.advance(0, () => kubelet.settled());
		},
		createPullSecret(namespace, name, password = credentials.password) {
			const config = { auths: { [host]: { username: credentials.username, password } } };
			client.create('secrets', namespace, {
				apiVersion: 'v1',
				kind: 'Secret',
				metadata: { name },
				type: 'kubernetes.io/dockerconfigjson',
				data: { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') },
			});
		},
		run: (namespace, name, spec) =>
			client.create<Pod>('pods', namespace, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }),
		getPod(namespace, name) {
			const pod = client.get<Pod>('pods', namespace, name);
			if (pod === null) throw new Error(`there is no Pod ${name}`);
			return pod;
		},
		eventsOf: (namespace, name) =>
			listEvents(client.list('events', namespace), name).map(
				({ type, reason, message, count }) => `${type} ${reason} ${message} x${count}`,
			),
		async stop() {
			kubelet.stop();
			stopControllers();
			puller.close();
			await registry.stop();
		},
	};
}

export interface SeenEvent extends KubeObject {
	type: string;
	reason: string;
	message: string;
	count: number;
	involvedObject: { kind: string; name: string; fieldPath?: string };
}

export function listEvents(events: readonly KubeObject[], name: string): SeenEvent[] {
	return (events as readonly SeenEvent[]).filter(({ involvedObject }) => involvedObject.name === name);
}

/** An image with these programs; it runs the first of them. `comment` makes it another one. */
export async function buildImage(programs: readonly string[], comment = ''): Promise<OciImage> {
	const files = programs.map((name) => ({
		header: { name: name.slice(1), size: 1, mode: 0o755, mtime: new Date(0), type: 'file' as const },
		body: new Uint8Array(1),
	}));
	const config = describeJson(mediaTypes.config, {
		architecture: 'amd64',
		os: 'linux',
		comment,
		config: { Env: ['PATH=/usr/bin:/bin'], Entrypoint: programs.slice(0, 1) },
	});
	return imageOf(Buffer.from(await packTar(files)), config);
}
