/** The embedded cluster's public door: starts it, and says how to reach it. */

import { startServer } from './api/server.ts';
import { Tokens } from './api/tokens.ts';
import { systemTimers } from './clock/system.ts';
import { startKubelet } from './kubelet/kubelet.ts';
import type { NodeIdentity } from './kubelet/node.ts';
import type { NodeImages } from './kubelet/node-images.ts';
import { openPuller, type Puller } from './kubelet/puller.ts';
import { createClient } from './operations/client.ts';
import { seedCluster } from './seed.ts';
import { MemoryStore } from './store/memory.ts';
import type { TimerClock } from './timers.ts';
import { type Certificates, makeCertificates } from './tls/certificates.ts';
import { formatKubeconfig } from './tls/kubeconfig.ts';

export interface EmulatorOptions {
	clock?: TimerClock;
	/** Default: any that is free. */
	port?: number;
	/** Taken where it is free, else another. */
	lastPort?: number | undefined;
	/** Name of the kubeconfig's context; default `kubeproctor`. */
	context?: string;
	/** Default: made for this start alone. */
	certificates?: Certificates;
	/** Default: reaches every registry by its own name. */
	puller?: Puller;
	/** Default: `kubeproctor-control-plane` at 172.18.0.2, which nobody can reach. */
	node?: NodeIdentity;
}

export interface Emulator {
	/** `https://127.0.0.1:40123` */
	url: string;
	/** For the administrator. */
	kubeconfig: string;
	/** What the node holds. */
	images: NodeImages;
	stop(): Promise<void>;
}

const ownNode: NodeIdentity = { name: 'kubeproctor-control-plane', addresses: ['172.18.0.2'] };

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const { clock = systemTimers, context = 'kubeproctor', node = ownNode } = options;
	const certificates = options.certificates ?? (await makeCertificates(clock.now()));
	const core = { store: new MemoryStore(), clock };
	seedCluster(core);
	const serve = (port: number) =>
		startServer({ core, certificates, port, tokens: new Tokens(core, certificates.accountKey) });
	const server = await serve(options.port ?? options.lastPort ?? 0).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'EADDRINUSE' || options.port !== undefined) throw error;
		return serve(0);
	});
	const pull = options.puller ?? openPuller({ routes: {} });
	const kubeletCaller = { username: `system:node:${node.name}`, groups: ['system:nodes'] };
	const kubelet = startKubelet(createClient(core, 'kubelet', kubeletCaller), clock, { node, pull });
	return {
		url: server.url,
		kubeconfig: formatKubeconfig(server.url, certificates, context),
		images: kubelet.images,
		async stop() {
			kubelet.stop();
			await server.close();
			if (options.puller === undefined) pull.close();
		},
	};
}
