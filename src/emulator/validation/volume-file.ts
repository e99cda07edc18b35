/** Single files that a volume is made of. */

import type { DownwardFile, KeyToPath } from '../pod.ts';
import { validateFieldReference, validateResourceReference, volumeFields } from './env.ts';
import { type FieldError, invalid, required } from './field-error.ts';
import { validateFileMode, validateUnreservedPath } from './path.ts';

export function* validateKeyToPath({ key, path: target = '', mode }: KeyToPath, path: string): Generator<FieldError> {
	if (!key) yield required(`${path}.key`);
	if (!target) yield required(`${path}.path`);
	yield* validateUnreservedPath(target, `${path}.path`);
	yield* validateFileMode(mode, `${path}.mode`);
}

/** Its errors name the volume, not the file: so does the API server. */
export function* validateDownwardFile(file: DownwardFile, path: string): Generator<FieldError> {
	if (!file.path) yield required(`${path}.path`);
	yield* validateUnreservedPath(file.path ?? '', `${path}.path`);
	if (file.fieldRef) {
		yield* validateFieldReference(file.fieldRef, volumeFields, `${path}.fieldRef`);
		if (file.resourceFieldRef)
			yield invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
	} else if (file.resourceFieldRef)
		yield* validateResourceReference(file.resourceFieldRef, `${path}.resourceFieldRef`, true);
	else yield required(path, 'one of fieldRef and resourceFieldRef is required');
	yield* validateFileMode(file.mode, `${path}.mode`);
}
