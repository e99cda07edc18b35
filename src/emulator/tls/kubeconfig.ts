/** The kubeconfig of the administrator, as text: JSON, which every reader of YAML reads, and which is read fastest. */

import type { Certificates } from './certificates.ts';

export function formatKubeconfig(url: string, { authority, admin }: Certificates, context: string): string {
	const encode = (pem: string) => Buffer.from(pem).toString('base64');
	const config = {
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
	};
	return `${JSON.stringify(config, null, 2)}\n`;
}
