/** What keeps a container from being configured: variables from nowhere, and a user that may not be root. */

import type { ClusterClient } from '../cluster-client.ts';
import type { ObjectReference } from '../pod.ts';
import { type ConfigMap, type Container, nameInMessages, type Pod, type Secret } from './pod.ts';
import type { PulledImage } from './puller.ts';

/** The kubelet's message; null where nothing is wrong. */
export function findConfigFault(
	client: ClusterClient,
	pod: Pod,
	container: Container,
	image: PulledImage,
): string | null {
	const namespace = pod.metadata.namespace ?? '';
	for (const { configMapRef, secretRef } of container.envFrom ?? []) {
		const fault =
			(configMapRef && findAbsence(client, 'configmaps', namespace, configMapRef)) ??
			(secretRef && findAbsence(client, 'secrets', namespace, secretRef));
		if (fault) return fault;
	}
	for (const { valueFrom } of container.env ?? []) {
		const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
		const fault =
			(configMapKeyRef && findAbsence(client, 'configmaps', namespace, configMapKeyRef, configMapKeyRef.key)) ??
			(secretKeyRef && findAbsence(client, 'secrets', namespace, secretKeyRef, secretKeyRef.key));
		if (fault) return fault;
	}
	return findRoot(pod, container, image);
}

function findAbsence(
	client: ClusterClient,
	type: 'configmaps' | 'secrets',
	namespace: string,
	{ name = '', optional }: ObjectReference,
	key?: string,
): string | null {
	if (optional) return null;
	const object = client.get<ConfigMap | Secret>(type, namespace, name);
	if (object === null) return `${type === 'secrets' ? 'secret' : 'configmap'} "${name}" not found`;
	if (key === undefined || object.data?.[key] !== undefined) return null;
	return `couldn't find key ${key} in ${type === 'secrets' ? 'Secret' : 'ConfigMap'} ${namespace}/${name}`;
}

/** `runAsNonRoot` is a promise that only a numeric user can keep. */
function findRoot(pod: Pod, container: Container, { config }: PulledImage): string | null {
	const own = container.securityContext;
	const shared = pod.spec.securityContext;
	if (!(own?.runAsNonRoot ?? shared?.runAsNonRoot)) return null;
	const where = `(pod: "${nameInMessages(pod)}", container: ${container.name})`;
	const asked = own?.runAsUser ?? shared?.runAsUser;
	if (asked !== undefined) return asked === 0 ? `container's runAsUser breaks non-root policy ${where}` : null;
	const [user = ''] = config.user.split(':', 1);
	if (user === '' || Number(user) === 0) return `container has runAsNonRoot and image will run as root ${where}`;
	if (/^\d+$/.test(user)) return null;
	return `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`;
}
