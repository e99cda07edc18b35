/** When an image is pulled. */

import { type FieldError, required, unsupported } from './field-error.ts';

const policies = ['Always', 'IfNotPresent', 'Never'];

export function* validatePullPolicy(policy: string | undefined, path: string): Generator<FieldError> {
	if (!policy) yield required(path);
	else if (!policies.includes(policy)) yield unsupported(path, policy, policies);
}
