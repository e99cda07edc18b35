/** Network errors of Node in the words that Go's net and crypto packages have for them. */

import { isIPv6 } from 'node:net';
import { codeOf, describeCause } from '../../oci/registry-error.ts';

/** Docker's own resolver, which is the one that a kind node asks. */
const resolver = '127.0.0.11:53';

/** Of a server that does not speak TLS. */
export const plainAnswer = 'http: server gave HTTP response to HTTPS client';

/** Of a host that no URL can have: its port is too large, or no name of that form is to be found. */
export function describeHostFault(host: string): string {
	const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
	if (Number(port) > 65_535) return `dial tcp: address ${port}: invalid port`;
	return `dial tcp: lookup ${name} on ${resolver}: no such host`;
}

/** `name`: the host as it was written, if not as in the URL. */
export function describeNetworkError(error: unknown, url: URL, name = url.hostname): string {
	const [first = error] = error instanceof AggregateError ? error.errors : [error];
	const { address = url.hostname, port } = first as { address?: string; port?: number };
	// On a kind node that name is of both families, and the newer one is told of.
	const dialledAddress = url.hostname === 'localhost' ? '[::1]' : isIPv6(address) ? `[${address}]` : address;
	const dialled = `dial tcp ${dialledAddress}:${port ?? (url.port || (url.protocol === 'https:' ? '443' : '80'))}`;
	switch (codeOf(first)) {
		case 'ENOTFOUND':
		case 'EAI_AGAIN': {
			// RFC 6761: nobody has to be asked about `.invalid`, and so a machine without a network knows as well.
			const isKnown = codeOf(first) === 'ENOTFOUND' || url.hostname.endsWith('.invalid');
			return `dial tcp: lookup ${name} on ${resolver}: ${isKnown ? 'no such host' : 'server misbehaving'}`;
		}
		case 'ECONNREFUSED':
			return `${dialled}: connect: connection refused`;
		case 'EHOSTUNREACH':
			return `${dialled}: connect: no route to host`;
		case 'ENETUNREACH':
			return `${dialled}: connect: network is unreachable`;
		case 'ETIMEDOUT':
			return `${dialled}: i/o timeout`;
		case 'ECONNRESET':
			return 'EOF';
		case 'EPROTO':
		case 'ERR_SSL_WRONG_VERSION_NUMBER':
		case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
			return plainAnswer;
		case 'CERT_HAS_EXPIRED':
			return 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid';
		case 'ERR_TLS_CERT_ALTNAME_INVALID':
			return `tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match ${url.hostname}`;
		case 'DEPTH_ZERO_SELF_SIGNED_CERT':
		case 'SELF_SIGNED_CERT_IN_CHAIN':
		case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
		case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
			return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
		default:
			return describeCause(first);
	}
}
