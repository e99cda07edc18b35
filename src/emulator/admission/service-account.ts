/** Every Pod runs as a ServiceAccount, mounts its token, and inherits its pull secrets unless it lists some itself. */

import type { KubeObject } from '../object.ts';
import type { Container, Pod, PodSpec } from '../pod.ts';
import { type AdmissionContext, forbid } from './context.ts';
import { findSecretNotAllowed } from './mountable-secrets.ts';

export interface ServiceAccount extends KubeObject {
	secrets?: { name: string }[];
	imagePullSecrets?: { name: string }[];
	automountServiceAccountToken?: boolean;
}

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const enforceAnnotation = 'kubernetes.io/enforce-mountable-secrets';

export function addServiceAccount(pod: Pod, context: AdmissionContext): Pod {
	if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return pod;
	const { name, namespace = '' } = pod.metadata;
	const accountName = pod.spec.serviceAccountName || 'default';
	const account = context.get('serviceaccounts', namespace, accountName) as ServiceAccount | null;
	if (!account)
		throw forbid(
			'pods',
			name,
			`error looking up service account ${namespace}/${accountName}: serviceaccount "${accountName}" not found`,
		);
	let spec: PodSpec = { ...pod.spec, serviceAccountName: accountName, serviceAccount: accountName };
	if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
		spec = mountToken(spec, context);
	const inherited = (account.imagePullSecrets ?? []).map(({ name: secret = '' }) => ({ name: secret }));
	if (!spec.imagePullSecrets?.length && inherited.length > 0) spec = { ...spec, imagePullSecrets: inherited };
	if (/^(1|t|T|true|TRUE|True)$/.test(account.metadata.annotations?.[enforceAnnotation] ?? '')) {
		const refusal = findSecretNotAllowed(spec, account);
		if (refusal !== null) throw forbid('pods', name, refusal);
	}
	return { ...pod, spec };
}

function mountToken(spec: PodSpec, context: AdmissionContext): PodSpec {
	const given = spec.volumes?.find((volume) => volume.name.startsWith('kube-api-access-'));
	const name = given?.name ?? `kube-api-access-${context.randomSuffix()}`;
	let isNeeded = false;
	const mount = <C extends Container>(container: C): C => {
		if (container.volumeMounts?.some(({ mountPath }) => mountPath === tokenPath)) return container;
		isNeeded = true;
		const token = { mountPath: tokenPath, name, readOnly: true };
		return { ...container, volumeMounts: [...(container.volumeMounts ?? []), token] };
	};
	const mounted = {
		...spec,
		...(spec.initContainers && { initContainers: spec.initContainers.map(mount) }),
		containers: (spec.containers ?? []).map(mount),
	};
	return given || !isNeeded ? mounted : { ...mounted, volumes: [...(spec.volumes ?? []), createTokenVolume(name)] };
}

function createTokenVolume(name: string) {
	return {
		name,
		projected: {
			defaultMode: 420,
			sources: [
				{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
				{ configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
				{
					downwardAPI: {
						items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
					},
				},
			],
		},
	};
}
