/** Answers a registry's challenge: Basic with the credentials, Bearer with a token that they are exchanged for. */

import type { Credentials } from '../model/registry.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { mayCarryCredentials } from './endpoint.ts';
import { insecure, noAnswer, wrongAnswer } from './registry-error.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';

export interface Authorizer {
	/** The `Authorization` header that satisfied this registry last time, if any. */
	headerFor(scope: string): string | undefined;
	/** A fresh header for a 401; null where nothing that we have could satisfy it. */
	answer(refusal: HttpAnswer, url: URL, scope: string): Promise<string | null>;
}

export function createAuthorizer(transport: Transport, credentials: Credentials | null): Authorizer {
	let basic: string | undefined;
	const tokens = new Map<string, string>();

	async function answer(refusal: HttpAnswer, url: URL, scope: string): Promise<string | null> {
		if (credentials !== null && !mayCarryCredentials(url)) throw insecure(url);
		const challenges = parseChallenges(refusal.headers['www-authenticate']);
		const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
		const realm = bearer && readRealm(bearer, url, scope);
		if (realm) {
			const token = `Bearer ${await fetchToken(transport, realm, credentials)}`;
			tokens.set(scope, token);
			return token;
		}
		if (credentials === null || !challenges.some(({ scheme }) => scheme === 'basic')) return null;
		basic = encodeBasic(credentials);
		return basic;
	}

	return { headerFor: (scope) => basic ?? tokens.get(scope), answer };
}

export function encodeBasic({ username, password }: Credentials): string {
	return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Docker's token protocol: GET realm?service=…&scope=…; null where the challenge names no usable realm. */
function readRealm({ parameters }: Challenge, url: URL, scope: string): URL | null {
	if (!parameters.realm || !URL.canParse(parameters.realm, url.href)) return null;
	const realm = new URL(parameters.realm, url);
	realm.username = realm.password = '';
	if (parameters.service !== undefined) realm.searchParams.set('service', parameters.service);
	if (scope !== '') realm.searchParams.set('scope', scope);
	return realm;
}

async function fetchToken(transport: Transport, realm: URL, credentials: Credentials | null): Promise<string> {
	if (credentials !== null && !mayCarryCredentials(realm)) throw insecure(realm);
	const request: HttpRequest = {
		method: 'GET',
		url: realm,
		headers: { accept: 'application/json', ...(credentials && { authorization: encodeBasic(credentials) }) },
	};
	let answer: HttpAnswer;
	try {
		answer = await transport.send(request);
	} catch (error) {
		throw noAnswer(realm, error);
	}
	const token = answer.status === 200 ? readToken(answer.body) : null;
	if (token === null) throw wrongAnswer(request, answer);
	return token;
}

/** Of a token server's answer; null where it holds none that can be sent. */
export function readToken(body: Buffer): string | null {
	try {
		const { token, access_token } = JSON.parse(body.toString()) as { token?: unknown; access_token?: unknown };
		const given = token ?? access_token;
		return typeof given === 'string' && /^[\x21-\x7e]+$/.test(given) ? given : null;
	} catch {
		return null;
	}
}
