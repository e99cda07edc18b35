/** A PATCH request of the three older kinds, from its text to the object that it makes. */

import { type KubeObject, sortMetadata } from '../object.ts';
import { badRequest } from '../operations/errors.ts';
import { StatusError } from '../status-error.ts';
import { type Decoded, type DecodedKind, type FieldValidation, findKindFault, readObject } from './decode.ts';
import { isObject } from './fields/structure.ts';
import { printGoValue } from './go-print.ts';
import { applyJsonPatch, JsonPatchError, type PatchOperation, readPointer } from './json-patch.ts';
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
	/** The invalid value, as errors show it. */
	show(): string;
	wording: Wording;
}

/** Throws StatusError as the API server answers. Defaults are not applied, managed fields not recorded. */
export function patchObject<T extends KubeObject>(type: DecodedKind, live: T, request: PatchRequest): Decoded<T> {
	const patched = patch(type, inGoOrder(live), request);
	const kindFault = findOtherKind(type, live, patched);
	if (kindFault !== null) throw invalidPatch(patched.show(), kindFault);
	const { value, fault, strict } = readObject(type, toNode(patched.value), patched.wording);
	if (fault !== null) throw invalidPatch(patched.show(), fault);
	const errors = request.fieldValidation === 'Ignore' ? [] : [...patched.strict, ...strict];
	if (errors.length > 0 && request.fieldValidation === 'Strict') {
		throw invalidPatch(patched.show(), `strict decoding error: ${errors.join(', ')}`);
	}
	return { object: { ...value, apiVersion: live.apiVersion, kind: live.kind } as unknown as T, warnings: errors };
}

/** A strategic merge patch is of the kind of its address, whatever it says. */
function findOtherKind(type: DecodedKind, live: KubeObject, { value, wording }: Patched): string | null {
	if (wording === 'conversion') return null;
	const head = value as Record<string, unknown>;
	for (const name of ['apiVersion', 'kind']) {
		const said = head[name] ?? '';
		if (typeof said === 'string') continue;
		const fault = `json: cannot unmarshal ${toNode(said).kind} into Go struct field .${name} of type string`;
		return `couldn't get version/kind; json parse error: ${fault}`;
	}
	if (!head.apiVersion) {
		const what = `the name of the object (${live.metadata.name} based on URL) was undeterminable`;
		throw badRequest(`${what}: name must be provided`);
	}
	return findKindFault(type, head.apiVersion as string, (head.kind as string | undefined) || type.kind);
}

function patch<T extends KubeObject>(type: DecodedKind, live: T, { kind, text }: PatchRequest): Patched {
	if (kind === 'json') {
		const node = parsePatch(text, 'array', '[]handlers.jsonPatchOp', 'error decoding patch: ');
		const items = node.kind === 'array' ? node.items : [];
		for (const item of items) requireOperation(item);
		if (items.length > maxOperations) throw tooManyOperations(items.length);
		const operations = (toValue(node) ?? []) as PatchOperation[];
		const value = runOperations(live, operations);
		const show = () => printPatched(value, findTouched(operations));
		return { value, strict: findUnknownOperations(node), show, wording: 'json' };
	}
	const isMerge = kind === 'merge';
	const node = parsePatch(text, 'object', 'map[string]interface {}', isMerge ? 'error decoding patch: ' : '');
	if (isMerge && node.kind === 'null') throw badRequest('Invalid JSON Patch');
	const fields = (toValue(node) ?? {}) as object;
	const strict = findDuplicates(node);
	if (isMerge) {
		const value = applyMergePatch(live, fields);
		return { value, strict, show: () => printPatched(value, fields), wording: 'json' };
	}
	const value = applyStrategicMergePatch(type, live, fields);
	return { value, strict, show: () => printGoValue(fields), wording: 'conversion' };
}

/** As the object was encoded before it was patched. */
function inGoOrder<T extends KubeObject>(live: T): T {
	return { ...live, metadata: sortMetadata(live.metadata) } as T;
}

interface Touched {
	[name: string]: Touched;
}

/** What operations go through: of `/spec/replicas` the spec. */
function findTouched(operations: readonly PatchOperation[]): Touched {
	const all = touchNothing();
	for (const { path } of operations) {
		let at = all;
		for (const name of readPointer(path ?? '').slice(1, -1)) at = at[name] ??= touchNothing();
	}
	return all;
}

/** Without a prototype, so that `__proto__` is a name as any other. */
function touchNothing(): Touched {
	return Object.create(null);
}

/** A patch makes Go maps, which are written by name, of what it goes through; the rest stays as it was encoded. */
function printPatched(value: object, touched: object): string {
	return JSON.stringify(sortTouched(value, touched));
}

function sortTouched(value: unknown, touched: unknown): unknown {
	if (!isObject(value) || !isObject(touched)) return value;
	const sorted = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
	return Object.fromEntries(sorted.map(([name, each]) => [name, sortTouched(each, touched[name])]));
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

function requireOperation(item: JsonNode): void {
	const refuse = (kind: string, where: string) =>
		badRequest(`error decoding patch: json: cannot unmarshal ${kind} into Go ${where}`);
	if (item.kind === 'null') return;
	if (item.kind !== 'object') throw refuse(item.kind, 'value of type handlers.jsonPatchOp');
	for (const [name, { kind }] of item.fields) {
		const isText = name === 'op' || name === 'path' || name === 'from';
		if (isText && kind !== 'string' && kind !== 'null') {
			throw refuse(kind, `struct field jsonPatchOp.${name} of type string`);
		}
	}
}

/** Of the real server. */
const maxOperations = 10_000;

function tooManyOperations(count: number): StatusError {
	const what = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${count}`;
	return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${what}`);
}

function runOperations<T extends object>(live: T, operations: readonly PatchOperation[]): T {
	try {
		return applyJsonPatch(live, operations);
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
