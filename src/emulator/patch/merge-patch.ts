/** JSON merge patch (RFC 7386). */

import { isObject } from './fields/structure.ts';
import { setField } from './json-text.ts';

type Fields = Record<string, unknown>;

/** Gives back a new object. */
export function applyMergePatch<T extends object>(object: T, patch: object): T {
	return merge(object, patch) as T;
}

function merge(value: unknown, patch: unknown): unknown {
	if (!isObject(patch)) return structuredClone(patch);
	const result: Fields = isObject(value) ? { ...value } : {};
	for (const [name, each] of Object.entries(patch)) {
		if (each === null) delete result[name];
		else setField(result, name, merge(Object.hasOwn(result, name) ? result[name] : undefined, each));
	}
	return result;
}
