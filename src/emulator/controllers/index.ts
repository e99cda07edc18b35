/** Everything that acts on its own in the embedded cluster, but for its node. */

import type { ClusterClient } from '../cluster-client.ts';
import type { TimerClock } from '../timers.ts';
import { startDeployments } from './deployments.ts';
import { startNamespaces } from './namespaces.ts';
import { startReplicaSets } from './replica-sets.ts';
import { startScheduler } from './scheduler.ts';

export interface ControllerOptions {
	/** PEM of the authority that signed the API server's certificate: what `kube-root-ca.crt` holds. */
	rootCertificate?: string;
}

/** Gives back how to stop them. */
export function startControllers(
	client: ClusterClient,
	clock: TimerClock,
	{ rootCertificate = '' }: ControllerOptions = {},
): () => void {
	const loops = [
		startNamespaces(client, clock, rootCertificate),
		startScheduler(client, clock),
		startReplicaSets(client, clock),
		startDeployments(client, clock),
	];
	return () => {
		for (const loop of loops) loop.stop();
	};
}
