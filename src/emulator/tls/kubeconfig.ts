/** The kubeconfig of the administrator, as text. */

import { stringifyYaml } from '../../yaml.ts';
import type { Certificates } from './certificates.ts';

export function formatKubeconfig(url: string, { authority, admin }: Certificates, context: string): string {
	const encode = (pem: string) => Buffer.from(pem).toString('base64');
	return stringifyYaml({
		apiVersion: 'v1',
		kind: 'Config',
		clusters: [
			{ name: context, cluster: { 'certificate-authority-data': encode(authority.certificate), server: url } },
		],
		contexts: [{ name: context, context: { cluster: context, user: context } }],
		'current-context': context,
		users: [
			{
				name: context,
				user: {
					'client-certificate-data': encode(admin.certificate),
					'client-key-data': encode(admin.key),
				},
			},
		],
	});
}
