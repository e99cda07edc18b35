/** Everything that acts on its own in the embedded cluster, but for its node. */

import type { ClusterClient } from '../cluster-client.ts';
import type { TimerClock } from '../timers.ts';
import { type AccountSecretsOptions, startAccountSecrets } from './account-secrets.ts';
import { startCronJobs } from './cron-jobs.ts';
import { startDaemonSets } from './daemon-sets.ts';
import { startDefinitions } from './definitions.ts';
import { startDeployments } from './deployments.ts';
import { startDisruptionBudgets } from './disruption-budgets.ts';
import { startEndpoints } from './endpoints.ts';
import { startGarbageCollector } from './garbage.ts';
import { startJobs } from './jobs.ts';
import { startLostPods } from './lost-pods.ts';
import { startNamespaces } from './namespaces.ts';
import { startNodeTaints } from './node-taints.ts';
import { startPersistentVolumes } from './persistent-volumes.ts';
import { startReplicaSets } from './replica-sets.ts';
import { startResourceQuotas } from './resource-quotas.ts';
import { startScheduler } from './scheduler.ts';
import { startStatefulSets } from './stateful-sets.ts';
import { startTaintEvictions } from './taint-evictions.ts';
import { startVolumeProtection } from './volume-protection.ts';

export interface ControllerOptions {
	/** PEM of the authority that signed the API server's certificate: what `kube-root-ca.crt` holds. */
	rootCertificate?: string;
	/** Default: Secrets of ServiceAccounts get no token. */
	issueToken?: AccountSecretsOptions['issueToken'];
}

/** Gives back how to stop them. */
export function startControllers(
	client: ClusterClient,
	clock: TimerClock,
	{ rootCertificate = '', issueToken }: ControllerOptions = {},
): () => void {
	const loops = [
		startNamespaces(client, clock, rootCertificate),
		startScheduler(client, clock),
		startNodeTaints(client, clock),
		startTaintEvictions(client, clock),
		startLostPods(client, clock),
		startReplicaSets(client, clock),
		startDeployments(client, clock),
		startStatefulSets(client, clock),
		startDaemonSets(client, clock),
		startJobs(client, clock),
		startCronJobs(client, clock),
		startResourceQuotas(client, clock),
		startEndpoints(client, clock),
		startDefinitions(client, clock),
		startDisruptionBudgets(client, clock),
		startPersistentVolumes(client, clock),
		startVolumeProtection(client, clock),
		...(issueToken ? [startAccountSecrets(client, clock, { rootCertificate, issueToken })] : []),
	];
	const stopGarbageCollector = startGarbageCollector(client);
	return () => {
		for (const loop of loops) loop.stop();
		stopGarbageCollector();
	};
}
