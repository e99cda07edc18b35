/** A certificate authority of the cluster's own, and what it signs: the server and the administrator. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type CertificateContent, type Subject, writeCertificate } from './certificate.ts';

export interface KeyPair {
	/** PEM. */
	certificate: string;
	/** PEM, PKCS #8. */
	key: string;
}

export interface Certificates {
	authority: KeyPair;
	server: KeyPair;
	admin: KeyPair;
	/** Signs the tokens of ServiceAccounts: PEM, PKCS #8. */
	accountKey: string;
}

const dayMs = 24 * 60 * 60 * 1000;
const authorityName: Subject = { commonName: 'kubernetes' };
const serverHosts = [
	'127.0.0.1',
	'localhost',
	'kubernetes',
	'kubernetes.default',
	'kubernetes.default.svc',
	'kubernetes.default.svc.cluster.local',
];

export function makeCertificates(now: Date): Certificates {
	// A clock that is a little behind must not refuse a cluster that has just been made.
	const lifetime = { notBefore: new Date(now.getTime() - dayMs), notAfter: new Date(now.getTime() + 3650 * dayMs) };
	const issuerKeys = makeKeys();
	const issue = (
		keys: typeof issuerKeys,
		content: Pick<CertificateContent, 'subject' | 'usage' | 'hosts'>,
	): KeyPair => ({
		certificate: writeCertificate({
			...content,
			...lifetime,
			publicKey: keys.publicKey,
			issuer: authorityName,
			issuerKeys,
		}),
		key: formatKey(keys.privateKey),
	});
	return {
		authority: issue(issuerKeys, { subject: authorityName, usage: 'authority' }),
		server: issue(makeKeys(), { subject: { commonName: 'kube-apiserver' }, usage: 'server', hosts: serverHosts }),
		admin: issue(makeKeys(), {
			subject: { organization: 'kubeadm:cluster-admins', commonName: 'kubernetes-admin' },
			usage: 'client',
		}),
		accountKey: formatKey(makeKeys().privateKey),
	};
}

function makeKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
	return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function formatKey(key: KeyObject): string {
	return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
