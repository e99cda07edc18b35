/** What `kubernetes.io/enforce-mountable-secrets` on a ServiceAccount forbids its Pods. */

import type { Container, PodSpec } from '../pod.ts';
import type { ServiceAccount } from './service-account.ts';

/** The refusal, or null. */
export function findSecretNotAllowed(spec: PodSpec, account: ServiceAccount): string | null {
	const mountable = new Set((account.secrets ?? []).map(({ name }) => name));
	const owner = account.metadata.name;
	const text = `is not allowed because service account ${owner} does not reference that`;
	for (const { secret } of spec.volumes ?? [])
		if (secret && !mountable.has(secret.secretName ?? ''))
			return `volume with secret.secretName="${secret.secretName ?? ''}" ${text} secret`;
	const found =
		findInContainers(spec.initContainers, 'init container', mountable) ??
		findInContainers(spec.containers, 'container', mountable);
	if (found !== null) return `${found} ${text} secret`;
	const pullSecrets = new Set((account.imagePullSecrets ?? []).map(({ name }) => name));
	for (const [index, { name = '' }] of (spec.imagePullSecrets ?? []).entries())
		if (!pullSecrets.has(name)) return `imagePullSecrets[${index}].name="${name}" ${text} imagePullSecret`;
	return null;
}

function findInContainers(containers: Container[] = [], label: string, mountable: Set<string>): string | null {
	for (const { name, env = [], envFrom = [] } of containers) {
		for (const variable of env) {
			const secret = variable.valueFrom?.secretKeyRef?.name;
			if (variable.valueFrom?.secretKeyRef && !mountable.has(secret ?? ''))
				return `${label} ${name} with envVar ${variable.name} referencing secret.secretName="${secret ?? ''}"`;
		}
		for (const { secretRef } of envFrom)
			if (secretRef && !mountable.has(secretRef.name ?? ''))
				return `${label} ${name} with envFrom referencing secret.secretName="${secretRef.name ?? ''}"`;
	}
	return null;
}
