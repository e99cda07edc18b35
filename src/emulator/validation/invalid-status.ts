/** 422: everything that is wrong with an object, as one Status. */

import { StatusError } from '../status-error.ts';
import { causeReasons, describeBody, describeFieldError, type FieldError } from './field-error.ts';

/** `kind` as a Status names it: `Pod`, `Deployment.apps`. */
export function createInvalidStatus(kind: string, name: string, errors: readonly FieldError[]): StatusError {
	const [shortKind = kind, ...group] = kind.split('.');
	const causes = errors.map((error) => ({
		reason: causeReasons[error.type],
		message: describeBody(error),
		field: error.field,
	}));
	return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${aggregate(errors)}`, {
		...(name !== '' && { name }),
		...(group.length > 0 && { group: group.join('.') }),
		...(shortKind !== '' && { kind: shortKind }),
		causes,
	});
}

/** The text of several errors: each once. */
function aggregate(errors: readonly FieldError[]): string {
	const texts = [...new Set(errors.map(describeFieldError))];
	return texts.length === 1 ? String(texts[0]) : `[${texts.join(', ')}]`;
}
