/** The namespace in which the controls stand, and the account that they run as. */

import type { KubeClient } from '../kube/client.ts';
import { Applier } from './apply.ts';
import { makeNamespace } from './namespaces.ts';
import type { UpRequest } from './up.ts';

/** `label`: the environment's. */
export async function prepareControlNamespace(
	request: UpRequest,
	label: string,
	client: KubeClient,
	signal: AbortSignal,
): Promise<void> {
	const name = request.controlNamespace;
	const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
	await makeNamespace(client, { name, label, labels, isShared: request.provider.isShared }, signal);
	await new Applier(client, signal).apply({
		apiVersion: 'v1',
		kind: 'ServiceAccount',
		metadata: { name: 'control', namespace: name },
		automountServiceAccountToken: false,
	});
}
