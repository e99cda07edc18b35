/** The embedded cluster's public door: starts it, and says how to reach it. */

import { startServer } from './api/server.ts';
import { Tokens } from './api/tokens.ts';
import { isHeldClock } from './clock/jumping.ts';
import { systemTimers } from './clock/system.ts';
import type { ClusterClient } from './cluster-client.ts';
import { startControllers } from './controllers/index.ts';
import { forgetOldEvents } from './expiry.ts';
import { startKubelet } from './kubelet/kubelet.ts';
import type { NodeIdentity } from './kubelet/node.ts';
import type { NodeDisk } from './kubelet/node-disk.ts';
import type { NodeImages } from './kubelet/node-images.ts';
import { openPuller, type Puller } from './kubelet/puller.ts';
import { createClient } from './operations/client.ts';
import type { Core } from './operations/core.ts';
import { seedCluster } from './seed.ts';
import { type Journal, openJournal } from './store/journal.ts';
import { MemoryStore } from './store/memory.ts';
import type { TimerClock } from './timers.ts';
import { type Certificates, makeCertificates } from './tls/certificates.ts';
import { formatKubeconfig } from './tls/kubeconfig.ts';

export { JumpingClock, type JumpingClockOptions } from './clock/jumping.ts';
export type { ClusterClient } from './cluster-client.ts';
export type { Certificates } from './tls/certificates.ts';

export interface EmulatorOptions {
	clock?: TimerClock;
	/** Default: made anew, and with them whatever kubeconfig there was is of no use any more. */
	certificates?: Certificates;
	/** File in which every change is kept. Default: nothing outlives the process. */
	journal?: string;
	/** The port to use; it must be free. */
	port?: number;
	/** Used where it is free. Default: any that is free. */
	lastPort?: number | undefined;
	/** Name of the kubeconfig's context; default `kubeproctor`. */
	context?: string;
	node?: NodeIdentity;
	/** What the node keeps when the process ends. Default: nothing. */
	disk?: NodeDisk;
	/** What the node pulls with. Default: registries are reached by their names. */
	puller?: Puller;
	/** Milliseconds until the kubelet notices what has become of containers. Default: a real one's, 1000. */
	relistPeriod?: number;
	/** Milliseconds that a Pod's sandbox takes. Default: a real one's, 100. */
	sandboxPeriod?: number;
}

export interface Emulator {
	/** `https://127.0.0.1:40123` */
	url: string;
	/** For the administrator. */
	kubeconfig: string;
	certificates: Certificates;
	/** The API from within, as the administrator. */
	client: ClusterClient;
	/** What the node holds. */
	images: NodeImages;
	stop(): Promise<void>;
}

const defaultNode: NodeIdentity = { name: 'kubeproctor-control-plane', addresses: ['172.18.0.2'] };

/** Throws LabError where a port that was asked for is taken or the journal is damaged. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const { clock = systemTimers, context = 'kubeproctor', port, lastPort } = options;
	const certificates = options.certificates ?? makeCertificates(clock.now());
	const journal = options.journal === undefined ? null : openJournal(options.journal);
	const core: Core = { store: openStore(journal), clock };
	if (core.store.list('namespaces', null).length === 0) seedCluster(core);
	const tokens = new Tokens(core, certificates.accountKey);
	const server = await startServer({ core, certificates, tokens, port, lastPort });
	const parts = startParts(core, certificates, tokens, options);
	return {
		url: server.url,
		kubeconfig: formatKubeconfig(server.url, certificates, context),
		certificates,
		client: createClient(core, 'kubeproctor', componentCaller('kubeproctor')),
		images: parts.images,
		async stop() {
			parts.stop();
			await server.close();
			journal?.close();
		},
	};
}

function openStore(journal: Journal | null): MemoryStore {
	if (journal === null) return new MemoryStore();
	const { initial, keep } = journal;
	return new MemoryStore({ keep, ...(initial && { initial }) });
}

/** Everything that acts on its own. */
function startParts(core: Core, { authority }: Certificates, tokens: Tokens, options: EmulatorOptions) {
	const { node = defaultNode, puller, disk, relistPeriod, sandboxPeriod } = options;
	const { clock } = core;
	const stopExpiry = forgetOldEvents(core);
	const stopControllers = startControllers(
		createClient(core, 'kube-controller-manager', componentCaller('system:kube-controller-manager')),
		clock,
		{ rootCertificate: authority.certificate, issueToken: (secret) => tokens.issueForSecret(secret) },
	);
	const pull = puller ?? openPuller({ routes: {} });
	const kubelet = startKubelet(createClient(core, 'kubelet', componentCaller(`system:node:${node.name}`)), clock, {
		node,
		pull: holdWhilePulling(pull, clock),
		disk,
		relistPeriod,
		sandboxPeriod,
	});
	return {
		images: kubelet.images,
		stop() {
			kubelet.stop();
			if (puller === undefined) pull.close();
			stopControllers();
			stopExpiry();
		},
	};
}

/** Components of the cluster may do everything: their roles are not what a lab is about. */
function componentCaller(username: string) {
	return { username, groups: ['system:masters', 'system:authenticated'] };
}

/** A pull takes real time, during which a clock must not jump. */
function holdWhilePulling(puller: Puller, clock: TimerClock): Puller {
	if (!isHeldClock(clock)) return puller;
	return {
		...puller,
		async pull(image, credentials) {
			const release = clock.hold();
			try {
				return await puller.pull(image, credentials);
			} finally {
				release();
			}
		},
	};
}
