/** The errors of the API, in the words of apimachinery. */

import type { ResourceType } from '../resource-type.ts';
import { nameType } from '../resource-type.ts';
import { type StatusCause, StatusError } from '../status-error.ts';

type Named = Pick<ResourceType, 'group' | 'resource'>;

function detail(type: Named, name: string) {
	return { ...(name !== '' && { name }), ...(type.group !== '' && { group: type.group }), kind: type.resource };
}

export function notFound(type: Named, name: string): StatusError {
	return new StatusError(404, 'NotFound', `${nameType(type)} "${name}" not found`, detail(type, name));
}

export function alreadyExists(type: Named, name: string): StatusError {
	return new StatusError(409, 'AlreadyExists', `${nameType(type)} "${name}" already exists`, detail(type, name));
}

export function conflict(type: Named, name: string, why: string): StatusError {
	const message = `Operation cannot be fulfilled on ${nameType(type)} "${name}": ${why}`;
	return new StatusError(409, 'Conflict', message, detail(type, name));
}

export const modified = 'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(type: Named, name: string, why: string): StatusError {
	const what = name === '' ? `${nameType(type)} is forbidden` : `${nameType(type)} "${name}" is forbidden`;
	return new StatusError(403, 'Forbidden', `${what}: ${why}`, detail(type, name));
}

export function badRequest(message: string): StatusError {
	return new StatusError(400, 'BadRequest', message);
}

export function internal(why: string): StatusError {
	const causes = [{ reason: '', message: why }];
	return new StatusError(500, 'InternalError', `Internal error occurred: ${why}`, { causes });
}

/** Of an error that is none of the API's own: 500 without a reason (metav1.StatusReasonUnknown). */
export function unknown(message: string): StatusError {
	return new StatusError(500, '', message);
}

/** `causes`: at least one. */
export function invalid(type: Pick<ResourceType, 'group' | 'kind'>, name: string, causes: StatusCause[]): StatusError {
	const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
	const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
	const unique = [...new Set(texts)];
	const what = unique.length === 1 ? unique[0] : `[${unique.join(', ')}]`;
	const details = {
		...(name !== '' && { name }),
		...(type.group !== '' && { group: type.group }),
		kind: type.kind,
		causes,
	};
	return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${what}`, details);
}

export function methodNotAllowed(): StatusError {
	return new StatusError(
		405,
		'MethodNotAllowed',
		'the server does not allow this method on the requested resource',
		{},
	);
}

/** `next`: the token of a list that goes on inconsistently. */
export function expired(message: string, next?: string): StatusError {
	return new StatusError(410, 'Expired', message, undefined, next);
}
