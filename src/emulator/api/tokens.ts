/** Tokens of ServiceAccounts: JSON web tokens, signed and checked with a key of the cluster's own. */

import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign, verify } from 'node:crypto';
import type { Caller, Core } from '../operations/core.ts';

export const issuer = 'https://kubernetes.default.svc.cluster.local';

export interface TokenWish {
	namespace: string;
	name: string;
	uid: string;
	audiences: string[];
	expiresAt: Date;
	/** The token dies with it. */
	bound?: { kind: string; name: string; uid: string };
}

interface Claims {
	aud: string[];
	exp: number;
	iat: number;
	iss: string;
	jti: string;
	nbf: number;
	sub: string;
	'kubernetes.io': {
		namespace: string;
		serviceaccount: { name: string; uid: string };
		pod?: { name: string; uid: string };
		secret?: { name: string; uid: string };
	};
}

const header = encode({ alg: 'ES256', typ: 'JWT' });

export class Tokens {
	readonly #core: Core;
	readonly #private: KeyObject;
	readonly #public: KeyObject;

	/** `key`: PEM, P-256. */
	constructor(core: Core, key: string) {
		this.#core = core;
		this.#private = createPrivateKey(key);
		this.#public = createPublicKey(this.#private);
	}

	issue({ namespace, name, uid, audiences, expiresAt, bound }: TokenWish): string {
		const now = toSeconds(this.#core.clock.now());
		const claims: Claims = {
			aud: audiences,
			exp: toSeconds(expiresAt),
			iat: now,
			iss: issuer,
			jti: randomUUID(),
			'kubernetes.io': {
				namespace,
				...(bound && { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }),
				serviceaccount: { name, uid },
			},
			nbf: now,
			sub: `system:serviceaccount:${namespace}:${name}`,
		};
		const content = `${header}.${encode(claims)}`;
		const signature = sign('sha256', Buffer.from(content), { key: this.#private, dsaEncoding: 'ieee-p1363' });
		return `${content}.${signature.toString('base64url')}`;
	}

	/** Null: not a token of ours, or one that holds no longer. */
	read(token: string): Caller | null {
		const [head, body, signature, ...rest] = token.split('.');
		if (head !== header || body === undefined || signature === undefined || rest.length > 0) return null;
		const key = { key: this.#public, dsaEncoding: 'ieee-p1363' } as const;
		if (!verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) return null;
		const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
		return this.#holds(claims) ? callerOf(claims) : null;
	}

	#holds(claims: Claims): boolean {
		const { namespace, serviceaccount, pod, secret } = claims['kubernetes.io'];
		const isThere = (type: string, { name, uid }: { name: string; uid: string }) =>
			this.#core.store.get({ type, namespace, name })?.metadata.uid === uid;
		return (
			claims.exp > toSeconds(this.#core.clock.now()) &&
			claims.aud.includes(issuer) &&
			isThere('serviceaccounts', serviceaccount) &&
			(pod === undefined || isThere('pods', pod)) &&
			(secret === undefined || isThere('secrets', secret))
		);
	}
}

function callerOf({ sub, jti, 'kubernetes.io': { namespace, serviceaccount, pod } }: Claims): Caller {
	return {
		username: sub,
		uid: serviceaccount.uid,
		groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
		extra: {
			'authentication.kubernetes.io/credential-id': [`JTI=${jti}`],
			...(pod && {
				'authentication.kubernetes.io/pod-name': [pod.name],
				'authentication.kubernetes.io/pod-uid': [pod.uid],
			}),
		},
	};
}

function encode(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function toSeconds(date: Date): number {
	return Math.floor(date.getTime() / 1000);
}
