/** Who asks: by client certificate, by bearer token, or nobody. */

import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Caller } from '../operations/core.ts';
import { StatusError } from '../status-error.ts';

/** Gives null for a token that is not known. */
export type TokenReader = (token: string) => Caller | null;

/** Throws 401. */
export function authenticate(request: IncomingMessage, readToken: TokenReader): Caller {
	const byCertificate = readCertificate(request.socket as TLSSocket);
	if (byCertificate !== null) return withGroups(byCertificate);
	const authorization = request.headers.authorization;
	const token = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1];
	if (token === undefined) return { username: 'system:anonymous', groups: ['system:unauthenticated'] };
	const byToken = readToken(token.trim());
	if (byToken === null) throw unauthorized();
	return withGroups(byToken);
}

function unauthorized(): StatusError {
	return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

function withGroups(caller: Caller): Caller {
	return { ...caller, groups: [...caller.groups.filter((g) => g !== 'system:authenticated'), 'system:authenticated'] };
}

/** Throws 401 for a certificate of somebody else's. */
function readCertificate(socket: TLSSocket): Caller | null {
	const certificate = socket.getPeerCertificate();
	if (Object.keys(certificate).length === 0) return null;
	if (!socket.authorized) throw unauthorized();
	const { CN, O } = certificate.subject as { CN?: string; O?: string | string[] };
	const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
	return {
		username: CN ?? '',
		groups: O === undefined ? [] : [O].flat(),
		extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
	};
}
