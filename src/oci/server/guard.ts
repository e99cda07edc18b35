/** Lets nobody in without a password, and asks for it in the words of registry:2. */

import type { Credentials } from '../../model/registry.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Route } from './route.ts';
import type { Users } from './users.ts';

export interface Guard {
	/** The user's name; null: nobody is asked for one. Throws Refusal. */
	identify(request: GuardedRequest): Promise<string | null>;
}

export interface GuardedRequest {
	method: string;
	route: Route;
	query: URLSearchParams;
	authorization: string | undefined;
}

/** `realm` is shown to whoever is asked. */
export function createGuard(users: Users | null, realm: string): Guard {
	return {
		async identify(request) {
			if (users === null) return null;
			const credentials = readBasic(request.authorization);
			if (credentials === null || !(await users.admit(credentials))) throw challenge(request, realm);
			return credentials.username;
		},
	};
}

/** Null where it is anything else than RFC 7617 in strict base64. */
export function readBasic(authorization: string | undefined): Credentials | null {
	const [, encoded] =
		/^basic ((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/i.exec(authorization ?? '') ?? [];
	if (encoded === undefined) return null;
	const text = Buffer.from(encoded, 'base64').toString();
	const colon = text.indexOf(':');
	return colon < 0 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The same for a wrong password, a wrong user and none at all. */
function challenge(request: GuardedRequest, realm: string): Refusal {
	return refuse('UNAUTHORIZED', {
		detail: describeNeeds(request),
		headers: { 'Www-Authenticate': `Basic realm=${JSON.stringify(realm)}` },
	});
}

function describeNeeds({ method, route, query }: GuardedRequest): object[] | null {
	if (route.kind === 'catalog') return [need('registry', 'catalog', '*')];
	if (!('repository' in route)) return null;
	const needs = (actions[method] ?? []).map((action) => need('repository', route.repository, action));
	const source = query.get('from');
	if (source) needs.push(need('repository', source, 'pull'));
	return needs.length > 0 ? needs : null;
}

function need(Type: string, Name: string, Action: string): object {
	return { Type, Class: '', Name, Action };
}

const actions: Record<string, readonly string[]> = {
	GET: ['pull'],
	HEAD: ['pull'],
	POST: ['pull', 'push'],
	PUT: ['pull', 'push'],
	PATCH: ['pull', 'push'],
	DELETE: ['delete'],
};
