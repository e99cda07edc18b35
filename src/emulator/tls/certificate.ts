/** One X.509 certificate (RFC 5280) of a P-256 key: what is said in it, encoded and signed. */

import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
	encodeBits,
	encodeIdentifier,
	encodeInteger,
	encodeOctets,
	encodeSequence,
	encodeSet,
	encodeTagged,
	encodeText,
	encodeTime,
	encodeTrue,
} from './der.ts';

/** In the order in which they are written. */
export interface Subject {
	organization?: string;
	commonName: string;
}

export interface CertificateContent {
	subject: Subject;
	publicKey: KeyObject;
	issuer: Subject;
	issuerKeys: { publicKey: KeyObject; privateKey: KeyObject };
	notBefore: Date;
	notAfter: Date;
	/** An authority signs others; everybody else is a server or a client. */
	usage: 'authority' | 'server' | 'client';
	/** Host names and IPv4 addresses of a server. */
	hosts?: readonly string[];
}

const identifiers = {
	signature: '1.2.840.10045.4.3.2',
	organization: '2.5.4.10',
	commonName: '2.5.4.3',
	subjectKey: '2.5.29.14',
	keyUsage: '2.5.29.15',
	hosts: '2.5.29.17',
	constraints: '2.5.29.19',
	authorityKey: '2.5.29.35',
	extendedUsage: '2.5.29.37',
	server: '1.3.6.1.5.5.7.3.1',
	client: '1.3.6.1.5.5.7.3.2',
};

/** Bits of KeyUsage, from the highest: digitalSignature is the first, keyCertSign the sixth. */
const usages = { sign: encodeBits(Buffer.of(0x80), 7), signOthers: encodeBits(Buffer.of(0x84), 2) };

/** PEM. */
export function writeCertificate(content: CertificateContent): string {
	const algorithm = encodeSequence(encodeIdentifier(identifiers.signature));
	const version3 = encodeTagged(0, encodeInteger(Buffer.of(2)), true);
	const toBeSigned = encodeSequence(
		version3,
		encodeInteger(makeSerial()),
		algorithm,
		encodeName(content.issuer),
		encodeSequence(encodeTime(content.notBefore), encodeTime(content.notAfter)),
		encodeName(content.subject),
		content.publicKey.export({ type: 'spki', format: 'der' }),
		encodeTagged(3, encodeSequence(...listExtensions(content)), true),
	);
	const signature = sign('sha256', toBeSigned, content.issuerKeys.privateKey);
	return formatPem(encodeSequence(toBeSigned, algorithm, encodeBits(signature)));
}

function listExtensions({ usage, hosts = [], issuerKeys }: CertificateContent): Buffer[] {
	const keyId = identifyKey(issuerKeys.publicKey);
	if (usage === 'authority') {
		return [
			encodeExtension('constraints', encodeSequence(encodeTrue()), true),
			encodeExtension('keyUsage', usages.signOthers, true),
			encodeExtension('subjectKey', encodeOctets(keyId)),
		];
	}
	return [
		encodeExtension('constraints', encodeSequence(), true),
		encodeExtension('keyUsage', usages.sign, true),
		encodeExtension('extendedUsage', encodeSequence(encodeIdentifier(identifiers[usage]))),
		encodeExtension('authorityKey', encodeSequence(encodeTagged(0, keyId))),
		...(hosts.length > 0 ? [encodeExtension('hosts', encodeSequence(...hosts.map(encodeHost)))] : []),
	];
}

function encodeExtension(name: keyof typeof identifiers, value: Buffer, isCritical = false): Buffer {
	const critical = isCritical ? [encodeTrue()] : [];
	return encodeSequence(encodeIdentifier(identifiers[name]), ...critical, encodeOctets(value));
}

function encodeName({ organization, commonName }: Subject): Buffer {
	const encodePart = (identifier: string, text: string) =>
		encodeSet(encodeSequence(encodeIdentifier(identifier), encodeText(text)));
	return encodeSequence(
		...(organization === undefined ? [] : [encodePart(identifiers.organization, organization)]),
		encodePart(identifiers.commonName, commonName),
	);
}

function encodeHost(host: string): Buffer {
	const isAddress = /^[\d.]+$/.test(host);
	return isAddress ? encodeTagged(7, Buffer.from(host.split('.').map(Number))) : encodeTagged(2, Buffer.from(host));
}

/** RFC 5280, 4.2.1.2: whatever tells keys apart. */
function identifyKey(key: KeyObject): Buffer {
	return createHash('sha1')
		.update(key.export({ type: 'spki', format: 'der' }))
		.digest();
}

/** Positive and without a leading zero, as DER wants it. */
function makeSerial(): Buffer {
	const bytes = randomBytes(16);
	bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
	return bytes;
}

function formatPem(bytes: Buffer): string {
	const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
	return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
