/** Authorization of a request: what it asks for, who it is made for, and the 403 in the server's words. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../operations/core.ts';
import { StatusError } from '../status-error.ts';
import type { Store } from '../store.ts';
import { type Attributes, authorize } from './rbac.ts';
import type { ResourcePath } from './request-info.ts';

export function attributesOf(
	method: string,
	path: string,
	resource: ResourcePath | null,
	isWatch: boolean,
): Attributes {
	if (resource === null) return { verb: method.toLowerCase(), path };
	const { group, namespace, name, subresource } = resource;
	return {
		verb: verbOf(method, name, isWatch),
		group,
		resource: subresource === '' ? resource.resource : `${resource.resource}/${subresource}`,
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
			return method.toLowerCase();
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
		return new StatusError(403, 'Forbidden', message, {});
	}
	const { verb, group, resource, name, namespace } = attributes;
	const [plain = ''] = resource.split('/');
	const qualified = group === '' ? plain : `${plain}.${group}`;
	const subject = name === '' ? qualified : `${qualified} "${name}"`;
	const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
	const what = `cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
	return new StatusError(403, 'Forbidden', `${subject} is forbidden: User "${username}" ${what}${why}`, {
		...(name !== '' && { name }),
		...(group !== '' && { group }),
		kind: plain,
	});
}

const accountPrefix = 'system:serviceaccount:';

/** Whom the caller acts for: `kubectl --as`. Throws 403. */
export function impersonate(store: Store, caller: Caller, headers: IncomingHttpHeaders): Caller {
	const username = headers['impersonate-user'];
	if (typeof username !== 'string' || username === '') return caller;
	const given = headers['impersonate-group'];
	const groups = given === undefined ? [] : String(given).split(', ');
	const account = username.startsWith(accountPrefix) ? username.slice(accountPrefix.length).split(':') : null;
	const [namespace = '', name = ''] = account ?? [];
	const subject = account
		? { resource: 'serviceaccounts', name, namespace }
		: { resource: 'users', name: username, namespace: '' };
	requireAccess(store, caller, { verb: 'impersonate', group: '', ...subject });
	for (const group of groups) {
		requireAccess(store, caller, { verb: 'impersonate', group: '', resource: 'groups', name: group, namespace: '' });
	}
	const implied =
		account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
	const authenticated = username === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
	return { username, groups: [...new Set([...groups, ...implied, authenticated])] };
}
