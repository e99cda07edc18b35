/** From the body of a request to an object: typed, pruned and written as the API server would write it again. */

import type { CustomType } from '../custom/custom-type.ts';
import { readCustom } from '../custom/decode.ts';
import type { KubeObject } from '../object.ts';
import { badRequest } from '../operations/errors.ts';
import { findKind, joinGroupVersion, splitGroupVersion } from '../schema/index.ts';
import type { StatusError } from '../status-error.ts';
import { type JsonNode, JsonTextError, parseJsonText, toNode } from './json-text.ts';
import { type Reading, readStruct, type Wording } from './read-struct.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** A ResourceType, or a Subresource. */
export interface DecodedKind {
	group: string;
	version: string;
	kind: string;
	schema: string;
	custom?: CustomType;
}

export interface Decoded<T = KubeObject> {
	object: T;
	/** Texts for Warning headers; only with `Warn`. */
	warnings: string[];
}

/** `body`: JSON text, or a value that a patch or YAML has made. Throws StatusError 400. Sets no defaults: see applyDefaults. */
export function decode<T = KubeObject>(type: DecodedKind, body: unknown, fieldValidation: FieldValidation): Decoded<T> {
	const node = typeof body === 'string' ? parseBody(type, body) : toNode(body);
	const { apiVersion, kind } = readHead(type, node, body);
	const kindFault = findKindFault(type, apiVersion, kind);
	if (kindFault !== null) throw cannotHandle(type.kind, apiVersion, kind, kindFault);
	// Go leaves a struct as it is where the text says null.
	const given: JsonNode = node.kind === 'null' ? { kind: 'object', fields: [] } : node;
	const { value, fault, strict } = readObject(type, given);
	if (fault !== null) throw cannotHandle(type.kind, apiVersion, kind, fault);
	if (strict.length > 0 && fieldValidation === 'Strict') {
		throw cannotHandle(type.kind, apiVersion, kind, `strict decoding error: ${strict.join(', ')}`);
	}
	const expected = joinGroupVersion(type);
	if (apiVersion !== expected) {
		throw badRequest(
			`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
		);
	}
	return { object: { ...value, apiVersion, kind } as T, warnings: fieldValidation === 'Warn' ? strict : [] };
}

/** As its definition's schema says, or the recorded one. */
export function readObject({ schema, custom }: DecodedKind, node: JsonNode, wording?: Wording): Reading {
	return custom === undefined ? readStruct(schema, node, wording) : readCustom(custom.schema, node);
}

function parseBody(type: DecodedKind, text: string): JsonNode {
	try {
		return parseJsonText(text);
	} catch (error) {
		if (error instanceof JsonTextError) throw unrecognizedJson(type, error.message, text);
		throw error;
	}
}

/** The object may leave out what its address says. */
function readHead(type: DecodedKind, node: JsonNode, body: unknown): { apiVersion: string; kind: string } {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	if (node.kind !== 'object' && node.kind !== 'null') {
		const head =
			'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
		throw unrecognizedJson(type, `json: cannot unmarshal ${node.kind} into Go value of type ${head}`, text);
	}
	const read = (name: string, otherwise: string): string => {
		const found = node.kind === 'object' ? node.fields.findLast(([each]) => each === name)?.[1] : undefined;
		if (found === undefined || found.kind === 'null') return otherwise;
		if (found.kind === 'string') return found.value === '' ? otherwise : found.value;
		const fault = `json: cannot unmarshal ${found.kind} into Go struct field .${name} of type string`;
		throw unrecognizedJson(type, fault, text);
	};
	return { apiVersion: read('apiVersion', joinGroupVersion(type)), kind: read('kind', type.kind) };
}

/** Why an object of this kind cannot be taken for one of `type`; null where it can. */
export function findKindFault(type: DecodedKind, apiVersion: string, kind: string): string | null {
	if (kind === type.kind && (apiVersion === joinGroupVersion(type) || olderVersions.includes(apiVersion))) return null;
	if (findKind(apiVersion, kind) === null) {
		return `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`;
	}
	if (kind === type.kind) return null;
	const into = `${type.group === '' ? 'core' : type.group.split('.')[0]}.${type.kind}`;
	return `converting (${splitGroupVersion(apiVersion).version}.${kind}) to (${into}): unknown conversion`;
}

/** Versions that the server still reads though it serves them no longer; what they say is refused for its version. */
const olderVersions = [
	'extensions/v1beta1',
	'apps/v1beta1',
	'apps/v1beta2',
	'batch/v1beta1',
	'networking.k8s.io/v1beta1',
];

/** `expected`: the kind that was asked for. */
export function cannotHandle(expected: string, apiVersion: string, kind: string, fault: string): StatusError {
	const { version } = splitGroupVersion(apiVersion);
	return badRequest(`${kind} in version "${version}" cannot be handled as a ${expected}: ${fault}`);
}

/** Not even the kind of it could be read. */
export function unrecognized(expected: string, fault: string, body: Buffer): StatusError {
	return badRequest(`the object provided is unrecognized (must be of type ${expected}): ${fault} (${summarize(body)})`);
}

function unrecognizedJson({ kind }: DecodedKind, fault: string, text: string): StatusError {
	return unrecognized(kind, `couldn't get version/kind; json parse error: ${fault}`, Buffer.from(text));
}

/** The beginning of a body: as text where it looks like JSON, as hexadecimal digits where it does not. */
function summarize(body: Buffer): string {
	if (body.length === 0) return '<empty>';
	const start = body.subarray(0, 30);
	const looksLikeJson = start.toString('latin1').startsWith('{');
	return `${start.toString(looksLikeJson ? 'utf8' : 'hex')}${body.length > 30 ? ' ...' : ''}`;
}
