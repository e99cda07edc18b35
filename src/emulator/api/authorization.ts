/** Authorization of a request: what it asks for, who it is made for, and the 403 in the server's words. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../operations/core.ts';
import { findSelectedName } from '../operations/field-selector.ts';
import { StatusError } from '../status-error.ts';
import type { Store } from '../store.ts';
import { type Attributes, authorize } from './rbac.ts';
import type { ResourcePath } from './request-info.ts';

/** Refused before the request was looked at. */
export class AccessError extends StatusError {}

export function attributesOf(
	method: string,
	path: string,
	resource: ResourcePath | null,
	query: URLSearchParams,
	isWatch: boolean,
): Attributes {
	if (resource === null) return { verb: method.toLowerCase(), path };
	const { group, namespace, subresource } = resource;
	// Who may see one object may list it alone.
	const name = resource.name || (findSelectedName(query.get('fieldSelector') ?? '') ?? '');
	return {
		verb: verbOf(method, resource.name, isWatch),
		group,
		resource: subresource === '' ? resource.resource : `${resource.resource}/${subresource.split('/')[0]}`,
		name,
		namespace,
	};
}

function verbOf(method: string, name: string, isWatch: boolean): string {
	switch (method) {
		case 'POST':
			return 'create';
		case 'PUT':
			return 'update';
		case 'PATCH':
			return 'patch';
		case 'DELETE':
			return name === '' ? 'deletecollection' : 'delete';
		case 'GET':
		case 'HEAD':
			if (isWatch) return 'watch';
			return name === '' ? 'list' : 'get';
		default:
			return '';
	}
}

/** Throws 403. */
export function requireAccess(store: Store, caller: Caller, attributes: Attributes): void {
	const { isAllowed, reason } = authorize(store, caller, attributes);
	if (!isAllowed) throw refuse(caller, attributes, reason);
}

function refuse({ username }: Caller, attributes: Attributes, reason: string): StatusError {
	const why = reason === '' ? '' : `: ${reason}`;
	if ('path' in attributes) {
		const message = `forbidden: User "${username}" cannot ${attributes.verb} path "${attributes.path}"${why}`;
		return new AccessError(403, 'Forbidden', message, {});
	}
	const { verb, group, resource, name, namespace } = attributes;
	const [plain = ''] = resource.split('/');
	const qualified = group === '' ? plain : `${plain}.${group}`;
	const subject = name === '' ? qualified : `${qualified} "${name}"`;
	const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
	const what = `cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
	return new AccessError(403, 'Forbidden', `${subject} is forbidden: User "${username}" ${what}${why}`, {
		...(name !== '' && { name }),
		...(group !== '' && { group }),
		kind: plain,
	});
}

const accountPrefix = 'system:serviceaccount:';

const extraPrefix = 'impersonate-extra-';

/** Whom the caller acts for: `kubectl --as`. Throws 400 and 403. */
export function impersonate(store: Store, caller: Caller, headers: IncomingHttpHeaders): Caller {
	const wanted = readImpersonation(headers);
	const { username, groups, uid, extra } = wanted;
	if (username === '') {
		const asked = describeImpersonation(wanted);
		if (asked.length === 0) return caller;
		throw new AccessError(400, 'BadRequest', `requested [${asked.join(' ')}] without impersonating a user`);
	}
	const account = username.startsWith(accountPrefix) ? username.slice(accountPrefix.length).split(':') : null;
	const [namespace = '', name = ''] = account ?? [];
	const subject = account
		? { resource: 'serviceaccounts', name, namespace }
		: { resource: 'users', name: username, namespace: '' };
	requireAccess(store, caller, { verb: 'impersonate', group: '', ...subject });
	for (const group of groups) {
		requireAccess(store, caller, { verb: 'impersonate', group: '', resource: 'groups', name: group, namespace: '' });
	}
	const kept = { group: 'authentication.k8s.io', namespace: '' };
	for (const [name, values] of Object.entries(extra)) {
		for (const value of values) {
			requireAccess(store, caller, { verb: 'impersonate', resource: `userextras/${name}`, name: value, ...kept });
		}
	}
	if (uid !== '') requireAccess(store, caller, { verb: 'impersonate', resource: 'uids', name: uid, ...kept });
	const implied =
		account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
	const authenticated = username === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
	return {
		username,
		...(uid !== '' && { uid }),
		groups: [...new Set([...groups, ...implied, authenticated])],
		...(Object.keys(extra).length > 0 && { extra }),
	};
}

interface Impersonation {
	username: string;
	groups: string[];
	uid: string;
	extra: Record<string, string[]>;
}

function readImpersonation(headers: IncomingHttpHeaders): Impersonation {
	const valuesOf = (name: string) => (headers[name] === undefined ? [] : String(headers[name]).split(', '));
	const extras = Object.keys(headers).filter((name) => name.startsWith(extraPrefix));
	return {
		username: valuesOf('impersonate-user').join(', '),
		groups: valuesOf('impersonate-group'),
		uid: valuesOf('impersonate-uid').join(', '),
		extra: Object.fromEntries(extras.map((name) => [unescapeKey(name.slice(extraPrefix.length)), valuesOf(name)])),
	};
}

/** One that is escaped wrongly counts as it is. */
function unescapeKey(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** As Go prints the ObjectReferences that stand for them. */
function describeImpersonation({ groups, uid, extra }: Impersonation): string[] {
	return [
		...groups.map((group) => `{Group  ${group}    }`),
		...Object.entries(extra).flatMap(([name, values]) =>
			values.map((value) => `{UserExtra  ${value}  authentication.k8s.io/v1  ${name}}`),
		),
		...(uid === '' ? [] : [`{UID  ${uid}  authentication.k8s.io/v1  }`]),
	];
}
