/** Paths within containers and volumes. */

import { type FieldError, invalid } from './field-error.ts';

export function* validateNoBacksteps(target: string, path: string): Generator<FieldError> {
	if (target.split('/').includes('..')) yield invalid(path, target, "must not contain '..'");
}

export function* validateDescendingPath(target: string, path: string): Generator<FieldError> {
	if (target.startsWith('/')) yield invalid(path, target, 'must be a relative path');
	yield* validateNoBacksteps(target, path);
}

/** Names that begin with two dots belong to the kubelet. */
export function* validateUnreservedPath(target: string, path: string): Generator<FieldError> {
	yield* validateDescendingPath(target, path);
	if (/^\.\.(?!\/)/.test(target)) yield invalid(path, target, "must not start with '..'");
}

export function* validateFileMode(mode: number | undefined, path: string): Generator<FieldError> {
	if (mode !== undefined && (mode < 0 || mode > 0o777))
		yield invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive');
}
