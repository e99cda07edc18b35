/** Tokens of ServiceAccounts: JSON web tokens, signed and checked with a key of the cluster's own. */

import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign, verify } from 'node:crypto';
import type { AccountSecret } from '../controllers/account-secrets.ts';
import type { Caller, Core } from '../operations/core.ts';
import type { TypeName } from '../resource-type.ts';

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

/** Where what a token is bound to is stored, by its kind. */
export const boundTypes: Readonly<Record<string, TypeName>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' };

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
		node?: { name: string; uid: string };
	};
}

const oldIssuer = 'kubernetes/serviceaccount';

/** Of a token that lies in a Secret: it holds as long as the Secret holds it. */
interface OldClaims {
	iss: typeof oldIssuer;
	'kubernetes.io/serviceaccount/namespace': string;
	'kubernetes.io/serviceaccount/secret.name': string;
	'kubernetes.io/serviceaccount/service-account.name': string;
	'kubernetes.io/serviceaccount/service-account.uid': string;
	sub: string;
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
		return this.#sign(claims);
	}

	issueForSecret({ namespace, secret, account: { name, uid } }: AccountSecret): string {
		const claims: OldClaims = {
			iss: oldIssuer,
			'kubernetes.io/serviceaccount/namespace': namespace,
			'kubernetes.io/serviceaccount/secret.name': secret,
			'kubernetes.io/serviceaccount/service-account.name': name,
			'kubernetes.io/serviceaccount/service-account.uid': uid,
			sub: `system:serviceaccount:${namespace}:${name}`,
		};
		return this.#sign(claims);
	}

	#sign(claims: Claims | OldClaims): string {
		const content = `${header}.${encode(claims)}`;
		const signature = sign('sha256', Buffer.from(content), { key: this.#private, dsaEncoding: 'ieee-p1363' });
		return `${content}.${signature.toString('base64url')}`;
	}

	/** Null: not a token of ours, or one that holds no longer. */
	read(token: string): Caller | null {
		const known = this.readForAudiences(token);
		return known?.audiences.includes(issuer) ? known.caller : null;
	}

	/** Also a token that is meant for others. Null as above. */
	readForAudiences(token: string): { caller: Caller; audiences: readonly string[] } | null {
		const claims = this.#verify(token);
		if (claims === null) return null;
		if (isOld(claims)) {
			const caller = this.#readOld(claims, token);
			return caller && { caller, audiences: [issuer] };
		}
		return this.#holds(claims) ? { caller: callerOf(claims), audiences: claims.aud } : null;
	}

	#verify(token: string): Claims | OldClaims | null {
		const [head, body, signature, ...rest] = token.split('.');
		if (head !== header || body === undefined || signature === undefined || rest.length > 0) return null;
		const key = { key: this.#public, dsaEncoding: 'ieee-p1363' } as const;
		if (!verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) return null;
		return JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims | OldClaims;
	}

	#readOld(claims: OldClaims, token: string): Caller | null {
		const namespace = claims['kubernetes.io/serviceaccount/namespace'];
		const secretName = claims['kubernetes.io/serviceaccount/secret.name'];
		const name = claims['kubernetes.io/serviceaccount/service-account.name'];
		const uid = claims['kubernetes.io/serviceaccount/service-account.uid'];
		const secret = this.#core.store.get({ type: 'secrets', namespace, name: secretName }) as {
			data?: Record<string, string>;
		} | null;
		if (secret?.data?.['token'] !== Buffer.from(token).toString('base64')) return null;
		if (!this.#isThere('serviceaccounts', namespace, { name, uid })) return null;
		return { username: claims.sub, uid, groups: groupsOf(namespace) };
	}

	#holds(claims: Claims): boolean {
		const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'];
		return (
			claims.exp > toSeconds(this.#core.clock.now()) &&
			this.#isThere('serviceaccounts', namespace, serviceaccount) &&
			(pod === undefined || this.#isThere('pods', namespace, pod)) &&
			(secret === undefined || this.#isThere('secrets', namespace, secret)) &&
			(node === undefined || this.#isThere('nodes', '', node))
		);
	}

	#isThere(type: TypeName, namespace: string, { name, uid }: { name: string; uid: string }): boolean {
		return this.#core.store.get({ type, namespace, name })?.metadata.uid === uid;
	}
}

function isOld(claims: Claims | OldClaims): claims is OldClaims {
	return claims.iss === oldIssuer;
}

function callerOf({ sub, jti, 'kubernetes.io': { namespace, serviceaccount, pod, node } }: Claims): Caller {
	return {
		username: sub,
		uid: serviceaccount.uid,
		groups: groupsOf(namespace),
		extra: {
			'authentication.kubernetes.io/credential-id': [`JTI=${jti}`],
			...(pod && {
				'authentication.kubernetes.io/pod-name': [pod.name],
				'authentication.kubernetes.io/pod-uid': [pod.uid],
			}),
			...(node && {
				'authentication.kubernetes.io/node-name': [node.name],
				'authentication.kubernetes.io/node-uid': [node.uid],
			}),
		},
	};
}

function groupsOf(namespace: string): string[] {
	return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

function encode(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function toSeconds(date: Date): number {
	return Math.floor(date.getTime() / 1000);
}
