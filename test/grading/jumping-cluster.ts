/** An embedded cluster in the test's own process, with a registry to pull from: its clock jumps from one event to the next. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, JumpingClock, startEmulator } from '../../src/emulator/index.ts';
import { openPuller } from '../../src/emulator/kubelet/puller.ts';
import { describeControls } from '../../src/environment/control-pods.ts';
import type { Credentials, PushedImage, RegistryAccess } from '../../src/model/registry.ts';
import type { Session } from '../../src/model/session.ts';
import { openRegistryClient } from '../../src/oci/client.ts';
import { type RunningRegistry, startRegistry } from '../../src/oci/server/index.ts';
import { buildImage } from '../emulator/kubelet/node.ts';

const node = { name: 'kubeproctor-control-plane', addresses: ['172.18.0.2'] };
const controlNamespace = 'kubeproctor';

export interface JumpingClusterOptions {
	name: string;
	/** Who may pull. */
	credentials: Credentials;
	/** Names of images, as `host/repository`; each has the tag `1.0`. One registry serves all hosts. */
	images: readonly string[];
	/** What each of them can run; it runs the first. */
	programs: readonly string[];
	/** Milliseconds until a node begins with a Pod. */
	sandboxPeriod?: number | undefined;
}

export interface JumpingCluster {
	clock: JumpingClock;
	emulator: Emulator;
	session: Session;
	/** The Pods without credentials that show that these images are refused, by their full names. */
	makeControls(images: readonly string[]): Promise<void>;
	close(): Promise<void>;
}

export async function openJumpingCluster(options: JumpingClusterOptions): Promise<JumpingCluster> {
	const { name, credentials, sandboxPeriod } = options;
	const clock = new JumpingClock();
	const nameClient = () => node.addresses[0] ?? '';
	const registry = await startRegistry({ users: { credentials: [credentials] }, clock, nameClient });
	const images = await pushImages(registry, options);
	const hosts = [...new Set(images.map((image) => image.registry))];
	const puller = openPuller({ routes: Object.fromEntries(hosts.map((host) => [host, registry.url])) });
	const emulator = await startEmulator({ clock, node, puller, ...(sandboxPeriod !== undefined && { sandboxPeriod }) });
	const folder = await mkdtemp(join(tmpdir(), `${name}-`));
	const kubeconfig = join(folder, 'kubeconfig');
	await writeFile(kubeconfig, emulator.kubeconfig, { mode: 0o600 });
	const label = `${name}-00000000`;
	const session: Session = {
		...{ name, label, provider: 'embedded', lab: 'lab', folder, controlNamespace },
		cluster: { kubeconfig, context: 'kubeproctor' },
		registries: hosts.map(
			(host): RegistryAccess => ({
				...{ host, endpoint: registry.url, username: credentials.username, ownership: 'ours', credentials },
				...{ mayTryCredentials: true, pullLog: async () => ({ records: [...registry.records], lostBefore: null }) },
			}),
		),
		...{ images, hosts: {}, namespaces: {} },
	};

	async function makeControls(names: readonly string[]): Promise<void> {
		const { client } = emulator;
		client.create('namespaces', '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: controlNamespace } });
		client.create('serviceaccounts', controlNamespace, {
			...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'control' } },
		});
		// Every namespace's own account is made by a controller.
		await clock.sleep(1000);
		for (const pod of describeControls(names, [node.name], controlNamespace, label)) {
			client.create('pods', controlNamespace, pod);
		}
	}

	return {
		...{ clock, emulator, session, makeControls },
		async close() {
			await emulator.stop();
			puller.close();
			await registry.stop();
			await rm(folder, { recursive: true });
		},
	};
}

async function pushImages(
	registry: RunningRegistry,
	{ credentials, images, programs }: JumpingClusterOptions,
): Promise<PushedImage[]> {
	const client = openRegistryClient({ endpoint: registry.url, credentials });
	const pushed: PushedImage[] = [];
	for (const image of images) {
		const [host = '', ...path] = image.split('/');
		const repository = path.join('/');
		const { digest } = await client.pushImage(await buildImage(programs, host), repository, '1.0');
		pushed.push({ registry: host, repository, tag: '1.0', digest, manifests: [] });
	}
	client.close();
	return pushed;
}
