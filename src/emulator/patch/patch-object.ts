/** A PATCH request of the three older kinds, from its text to the object that it makes. */

import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import { type Decoded, type DecodedKind, type FieldValidation, findKindFault, readObject } from './decode.ts';
import { printGoValue } from './go-print.ts';
import { applyJsonPatch, JsonPatchError, type PatchOperation } from './json-patch.ts';
import { findDuplicates, type JsonNode, JsonTextError, parseJsonText, toNode, toValue } from './json-text.ts';
import { applyMergePatch } from './merge-patch.ts';
import type { Wording } from './read-struct.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

/** `application/json-patch+json`, `application/merge-patch+json`, `application/strategic-merge-patch+json` */
export type PatchKind = 'json' | 'merge' | 'strategic';

export interface PatchRequest {
	kind: PatchKind;
	text: string;
	fieldValidation: FieldValidation;
}

interface Patched {
	value: unknown;
	/** Unknown and duplicate fields of the patch itself. */
	strict: string[];
	/** What errors show as the invalid value. */
	shown: string;
	wording: Wording;
}

/** Throws StatusError as the API server answers. Defaults are not applied, managed fields not recorded. */
export function patchObject<T extends KubeObject>(type: DecodedKind, live: T, request: PatchRequest): Decoded<T> {
	const patched = patch(type, live, request);
	const kindFault = findOtherKind(type, patched);
	if (kindFault !== null) throw invalidPatch(patched.shown, kindFault);
	const { value, fault, strict } = readObject(type, toNode(patched.value), patched.wording);
	if (fault !== null) throw invalidPatch(patched.shown, fault);
	const errors = request.fieldValidation === 'Ignore' ? [] : [...patched.strict, ...strict];
	if (errors.length > 0 && request.fieldValidation === 'Strict') {
		throw invalidPatch(patched.shown, `strict decoding error: ${errors.join(', ')}`);
	}
	return { object: { ...value, apiVersion: live.apiVersion, kind: live.kind } as unknown as T, warnings: errors };
}

/** A strategic merge patch is of the kind of its address, whatever it says. */
function findOtherKind(type: DecodedKind, { value, wording }: Patched): string | null {
	if (wording === 'conversion') return null;
	const { apiVersion, kind } = value as KubeObject;
	return findKindFault(type, apiVersion, kind);
}

function patch<T extends KubeObject>(type: DecodedKind, live: T, { kind, text }: PatchRequest): Patched {
	if (kind === 'json') {
		const node = parsePatch(text, 'array', '[]handlers.jsonPatchOp', 'error decoding patch: ');
		const value = runOperations(live, toValue(node) as PatchOperation[]);
		return { value, strict: findUnknownOperations(node), shown: JSON.stringify(value), wording: 'json' };
	}
	const isMerge = kind === 'merge';
	const node = parsePatch(text, 'object', 'map[string]interface {}', isMerge ? 'error decoding patch: ' : '');
	if (isMerge && node.kind === 'null') throw badRequest('Invalid JSON Patch');
	const fields = (toValue(node) ?? {}) as object;
	const strict = findDuplicates(node);
	if (isMerge) {
		const value = applyMergePatch(live, fields);
		return { value, strict, shown: JSON.stringify(value), wording: 'json' };
	}
	const value = applyStrategicMergePatch(type, live, fields);
	return { value, strict, shown: printGoValue(fields), wording: 'conversion' };
}

function parsePatch(text: string, kind: 'array' | 'object', goType: string, before: string): JsonNode {
	try {
		const node = parseJsonText(text);
		if (node.kind === kind || node.kind === 'null') return node;
		throw badRequest(`${before}json: cannot unmarshal ${node.kind} into Go value of type ${goType}`);
	} catch (error) {
		if (error instanceof JsonTextError) throw badRequest(`${before}${error.message}`);
		throw error;
	}
}

function runOperations<T extends object>(live: T, operations: readonly PatchOperation[] | null): T {
	try {
		return applyJsonPatch(live, operations ?? []);
	} catch (error) {
		if (!(error instanceof JsonPatchError)) throw error;
		throw new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
	}
}

function findUnknownOperations(node: JsonNode): string[] {
	const known = ['op', 'path', 'from', 'value'];
	const items = node.kind === 'array' ? node.items : [];
	return items.flatMap((item, index) =>
		item.kind !== 'object'
			? []
			: item.fields
					.filter(([name]) => !known.includes(name))
					.map(([name]) => `json patch unknown field "[${index}].${name}"`),
	);
}

function invalidPatch(shown: string, fault: string): StatusError {
	const message = `Invalid value: ${JSON.stringify(shown)}: ${fault}`;
	const causes = [{ reason: 'FieldValueInvalid', message, field: 'patch' }];
	return new StatusError(422, 'Invalid', ` "" is invalid: patch: ${message}`, { causes });
}

function badRequest(message: string): StatusError {
	return new StatusError(400, 'BadRequest', message);
}
