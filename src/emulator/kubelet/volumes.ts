/** Which volumes of a Pod cannot be mounted, because what they show is not there. */

import type { ClusterClient } from '../cluster-client.ts';
import type { Volume } from '../pod.ts';
import type { Pod } from './pod.ts';

/** The kubelet's messages. */
export function findMountFaults(client: ClusterClient, pod: Pod): string[] {
	const namespace = pod.metadata.namespace ?? '';
	return (pod.spec.volumes ?? []).flatMap((volume) => {
		const absent = findAbsent(client, namespace, volume);
		return absent === null ? [] : [`MountVolume.SetUp failed for volume "${volume.name}" : ${absent} not found`];
	});
}

function findAbsent(client: ClusterClient, namespace: string, { secret, configMap }: Volume): string | null {
	if (secret && !secret.optional && client.get('secrets', namespace, secret.secretName ?? '') === null) {
		return `secret "${secret.secretName}"`;
	}
	if (configMap && !configMap.optional && client.get('configmaps', namespace, configMap.name ?? '') === null) {
		return `configmap "${configMap.name}"`;
	}
	return null;
}
