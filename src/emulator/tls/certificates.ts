/** A certificate authority of the cluster's own, and what it signs: the server, the administrator, and whoever asks. */

import { generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';

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

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 60 * 60 * 1000;

/** Takes about 0.1 s, most of it for loading the package. */
export async function makeCertificates(now: Date): Promise<Certificates> {
	await import('reflect-metadata');
	const x509 = await import('@peculiar/x509');
	// A clock that is a little behind must not refuse a cluster that has just been made.
	const lifetime = { notBefore: new Date(now.getTime() - dayMs), notAfter: new Date(now.getTime() + 3650 * dayMs) };
	const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
	const toPem = async (key: webcrypto.CryptoKey) =>
		x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), x509.PemConverter.PrivateKeyTag);

	const authorityKeys = await makeKeys();
	const authority = await x509.X509CertificateGenerator.createSelfSigned({
		serialNumber: makeSerial(),
		name: 'CN=kubernetes',
		...lifetime,
		signingAlgorithm: algorithm,
		keys: authorityKeys,
		extensions: [
			new x509.BasicConstraintsExtension(true, undefined, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
			await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
		],
	});

	const sign = async (
		subject: string,
		usage: string,
		names: { type: 'dns' | 'ip'; value: string }[],
	): Promise<KeyPair> => {
		const keys = await makeKeys();
		const certificate = await x509.X509CertificateGenerator.create({
			serialNumber: makeSerial(),
			subject,
			issuer: authority.subject,
			...lifetime,
			signingAlgorithm: algorithm,
			publicKey: keys.publicKey,
			signingKey: authorityKeys.privateKey,
			extensions: [
				new x509.BasicConstraintsExtension(false, undefined, true),
				new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
				new x509.ExtendedKeyUsageExtension([usage]),
				await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
				...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
			],
		});
		return { certificate: `${certificate.toString('pem')}\n`, key: `${await toPem(keys.privateKey)}\n` };
	};

	return {
		authority: {
			certificate: `${authority.toString('pem')}\n`,
			key: `${await toPem(authorityKeys.privateKey)}\n`,
		},
		server: await sign('CN=kube-apiserver', x509.ExtendedKeyUsage.serverAuth, [
			{ type: 'ip', value: '127.0.0.1' },
			{ type: 'dns', value: 'localhost' },
			{ type: 'dns', value: 'kubernetes' },
			{ type: 'dns', value: 'kubernetes.default' },
			{ type: 'dns', value: 'kubernetes.default.svc' },
			{ type: 'dns', value: 'kubernetes.default.svc.cluster.local' },
		]),
		admin: await sign('O=kubeadm:cluster-admins, CN=kubernetes-admin', x509.ExtendedKeyUsage.clientAuth, []),
		accountKey: makeAccountKey(),
	};
}

function makeAccountKey(): string {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Positive and without a leading zero, as DER wants it. */
function makeSerial(): string {
	const bytes = randomBytes(16);
	bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
	return bytes.toString('hex');
}
