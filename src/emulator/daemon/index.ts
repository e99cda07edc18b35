/** What the process of an embedded environment runs: its registries, its cluster, and a door to steer them by. */

import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedEndpoints, type EmbeddedPlan, type EmbeddedRecord, recordName } from '../../model/embedded.ts';
import { writePrivately } from '../../private-file.ts';
import { startEmulator } from '../index.ts';
import { openNodeDisk } from '../kubelet/node-disk.ts';
import { openPuller } from '../kubelet/puller.ts';
import { keepCertificates } from './certificates.ts';
import { openControlDoor } from './control.ts';
import { trackConnections } from './node-connections.ts';
import { createOrders } from './orders.ts';
import { startRegistries } from './registries.ts';
import { readRoute } from './routes.ts';

export interface RunningDaemon {
	endpoints: EmbeddedEndpoints;
	/** Resolves once it has been asked to end, or nobody can find it any more: its record is gone or another's. */
	awaitEnd(signal: AbortSignal): Promise<void>;
	stop(): Promise<void>;
}

/** As kind's network would give it. Nobody can reach it: it stands in the registry's journal and in the Pods' status. */
const nodeAddress = '172.18.0.2';

/** Throws LabError where a port that was asked for is taken or something that was kept is damaged. */
export async function startDaemon(plan: EmbeddedPlan): Promise<RunningDaemon> {
	const { folder, name, context, lastPort, token } = plan;
	const clusterFolder = join(folder, 'cluster');
	await mkdir(clusterFolder, { recursive: true, mode: 0o700 });
	const connections = trackConnections(nodeAddress);
	const [certificates, registries] = await Promise.all([
		keepCertificates(join(clusterFolder, 'certificates.json')),
		// Before the cluster: a Pod that is there already must not find its registry away.
		startRegistries(plan, connections.nameClient),
	]);
	const disk = openNodeDisk(join(clusterFolder, 'node.jsonl'));
	const puller = openPuller({
		contents: disk.contents,
		routes: (host) => readRoute(join(folder, 'certs.d'), host),
		onConnect: connections.add,
	});
	const emulator = await startEmulator({
		journal: join(clusterFolder, 'journal.jsonl'),
		certificates,
		context,
		puller,
		disk,
		node: { name: `${name}-control-plane`, addresses: [nodeAddress] },
		lastPort,
		relistPeriod: 20,
		sandboxPeriod: 10,
	});
	await writePrivately(join(clusterFolder, 'kubeconfig'), emulator.kubeconfig);
	const door = await openControlDoor(token, createOrders(registries, emulator.images));
	return {
		endpoints: {
			server: emulator.url,
			control: door.url,
			registries: Object.fromEntries([...registries].map(([host, { url }]) => [host, url])),
		},
		awaitEnd: (signal) => awaitEnd(join(folder, recordName), signal),
		async stop() {
			door.close();
			await emulator.stop();
			puller.close();
			disk.close();
			await Promise.all([...registries.values()].map((registry) => registry.stop()));
		},
	};
}

/** How often it looks whether it can still be found, in milliseconds. */
const lookInterval = 3_000;

function awaitEnd(file: string, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setInterval(() => {
			if (!isKnown(file)) end();
		}, lookInterval);
		signal.addEventListener('abort', end, { once: true });
		function end() {
			clearInterval(timer);
			resolve();
		}
	});
}

function isKnown(file: string): boolean {
	try {
		return (JSON.parse(readFileSync(file, 'utf8')) as EmbeddedRecord).pid === process.pid;
	} catch {
		return false;
	}
}
