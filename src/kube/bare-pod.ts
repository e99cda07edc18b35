/** A Pod that names no pull Secrets: created as a dry run, it tells what its ServiceAccount hands on. */

/** It meets the `restricted` policy, and says what a quota may ask for. */
export function describeBarePod(serviceAccountName: string, image = 'any'): object {
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { generateName: 'kubeproctor-dry-run-' },
		spec: {
			serviceAccountName,
			containers: [
				{
					name: 'app',
					image,
					resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '1m', memory: '1Mi' } },
					securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
				},
			],
			securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
		},
	};
}
