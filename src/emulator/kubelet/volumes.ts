/** Which volumes of a Pod cannot be mounted, because what they show is not there. */

import type { ClusterClient } from '../cluster-client.ts';
import type { KeyToPath, Projection, Volume } from '../pod.ts';
import type { ConfigMap, Pod, Secret } from './pod.ts';

/** The kubelet's messages. */
export function findMountFaults(client: ClusterClient, pod: Pod): string[] {
	const namespace = pod.metadata.namespace ?? '';
	return (pod.spec.volumes ?? []).flatMap((volume) => {
		const [first, ...others] = new Set([
			...listSources(volume).flatMap((source) => findFault(client, namespace, source) ?? []),
			...checkHostPath(volume),
		]);
		if (first === undefined) return [];
		const faults = others.length === 0 ? first : `[${[first, ...others].join(', ')}]`;
		return [`MountVolume.SetUp failed for volume "${volume.name}" : ${faults}`];
	});
}

function listSources({ secret, configMap, projected }: Volume): Projection[] {
	const { secretName: name = '', ...shown } = secret ?? {};
	return [
		...(secret ? [{ secret: { name, ...shown } }] : []),
		...(configMap ? [{ configMap }] : []),
		...(projected?.sources ?? []),
	];
}

function findFault(client: ClusterClient, namespace: string, { secret, configMap }: Projection): string | null {
	if (secret && !secret.optional) {
		const found = client.get<Secret>('secrets', namespace, secret.name ?? '');
		if (found === null) return `secret "${secret.name}" not found`;
		const key = findAbsentKey(secret.items, found.data);
		return key === undefined ? null : `references non-existent secret key: ${key}`;
	}
	if (configMap && !configMap.optional) {
		const found = client.get<ConfigMap>('configmaps', namespace, configMap.name ?? '');
		if (found === null) return `configmap "${configMap.name}" not found`;
		const key = findAbsentKey(configMap.items, { ...found.data, ...found.binaryData });
		return key === undefined ? null : `configmap references non-existent config key: ${key}`;
	}
	return null;
}

function findAbsentKey(items: readonly KeyToPath[] = [], data: Record<string, string> = {}): string | undefined {
	return items.map(({ key = '' }) => key).find((key) => data[key] === undefined);
}

/** What a path must be already when it is mounted; those that end in `OrCreate` are made. */
const hostPathTypes: Readonly<Record<string, string>> = {
	Directory: 'a directory',
	File: 'a file',
	Socket: 'a socket',
	CharDevice: 'a character device',
	BlockDevice: 'a block device',
};
/** There is no disk behind the node: of what any Linux machine has, the directories that Pods ask for. */
const directories =
	/^\/(|bin|dev|etc|home|lib|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|var\/(lib|log|run|tmp))\/?$/;

function checkHostPath({ hostPath }: Volume): string[] {
	const { path = '', type = '' } = hostPath ?? {};
	const kind = hostPathTypes[type];
	if (kind === undefined || (type === 'Directory' && directories.test(path))) return [];
	return [`hostPath type check failed: ${path} is not ${kind}`];
}
