/** The embedded cluster's public door: starts it, and says how to reach it. */

import { startServer } from './api/server.ts';
import { systemTimers } from './clock/system.ts';
import { seedCluster } from './seed.ts';
import { MemoryStore } from './store/memory.ts';
import type { TimerClock } from './timers.ts';
import { makeCertificates } from './tls/certificates.ts';
import { formatKubeconfig } from './tls/kubeconfig.ts';

export interface EmulatorOptions {
	clock?: TimerClock;
	/** Default: any that is free. */
	port?: number;
	/** Name of the kubeconfig's context; default `kubeproctor`. */
	context?: string;
}

export interface Emulator {
	/** `https://127.0.0.1:40123` */
	url: string;
	/** For the administrator. */
	kubeconfig: string;
	stop(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const { clock = systemTimers, port = 0, context = 'kubeproctor' } = options;
	const certificates = await makeCertificates(clock.now());
	const core = { store: new MemoryStore(), clock };
	seedCluster(core);
	const server = await startServer({ core, certificates, port, readToken: () => null });
	return {
		url: server.url,
		kubeconfig: formatKubeconfig(server.url, certificates, context),
		stop: () => server.close(),
	};
}
