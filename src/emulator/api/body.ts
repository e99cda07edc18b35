/** The body of a request: read within limits, and turned into data. */

import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { badRequest } from '../operations/errors.ts';
import { cannotHandle, type DecodedKind, unrecognized } from '../patch/decode.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { ProtobufError } from '../protobuf/wire.ts';
import { joinGroupVersion } from '../schema/index.ts';
import { StatusError } from '../status-error.ts';
import { findJsonDepthFault, isYamlTooDeep } from '../validation/depth.ts';
import { describeJsonFault } from '../validation/go-json.ts';
import { parseMediaType } from './accept.ts';

/** Of the real server. */
const maxBytes = 3 * 1024 * 1024;
/** So much is read and thrown away, so that who sent it is there to hear the answer. */
const maxDrained = 16 * maxBytes;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= maxBytes) chunks.push(chunk);
		if (size > maxDrained) break;
	}
	if (size > maxBytes) throw tooLarge();
	const body = Buffer.concat(chunks);
	if (request.headers['content-encoding'] !== 'gzip') return body;
	try {
		return gunzipSync(body, { maxOutputLength: maxBytes });
	} catch {
		throw badRequest('the body is not gzip');
	}
}

function tooLarge(): StatusError {
	return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxBytes}`);
}

/** The reader of YAML, from the first body on that needs it: most programs send none, and it takes long to load. */
let yaml: typeof import('../../yaml.ts') | undefined;

/** To be awaited before a body is parsed. */
export async function prepareToParse(body: Buffer, contentType: string | undefined): Promise<void> {
	if (!parseMediaType(contentType ?? '').type.endsWith('yaml')) return;
	if (readPlainJson(body.toString()) === undefined) yaml ??= await import('../../yaml.ts');
}

/** Undefined: it is not JSON as a program writes it, in which no key can stand twice. */
function readPlainJson(text: string): unknown {
	if (!text.startsWith('{')) return undefined;
	try {
		const value = JSON.parse(text);
		return JSON.stringify(value) === text ? value : undefined;
	} catch {
		return undefined;
	}
}

const protobufType = 'application/vnd.kubernetes.protobuf';

/** JSON as its text, anything else as data. `expected`: what it is to be. */
export function readObject(body: Buffer, contentType: string | undefined, expected: DecodedKind): unknown {
	const { type } = parseMediaType(contentType ?? 'application/json');
	if (type === '' || type === 'application/json') return body.toString();
	return type === protobufType ? parseProtobuf(body, expected) : parseBody(body, contentType, expected);
}

/** Undefined: there is no body. */
export function parseBody(body: Buffer, contentType: string | undefined, expected: DecodedKind): unknown {
	if (body.length === 0) return undefined;
	const { type } = parseMediaType(contentType ?? 'application/json');
	if (type === protobufType) return parseProtobuf(body, expected);
	if (type.endsWith('yaml')) return parseYaml(body.toString());
	if (type === '' || type.endsWith('json')) return parseJson(body.toString());
	throw unsupported();
}

function unsupported(): StatusError {
	return new StatusError(
		415,
		'UnsupportedMediaType',
		'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
	);
}

function parseProtobuf(body: Buffer, expected: DecodedKind): unknown {
	const { kind } = expected;
	try {
		return decodeProtobuf(body, { apiVersion: joinGroupVersion(expected), kind });
	} catch (error) {
		if (!(error instanceof ProtobufError)) throw error;
		const { head, message } = error;
		throw head ? cannotHandle(kind, head.apiVersion, head.kind, message) : unrecognized(kind, message, body);
	}
}

function parseJson(text: string): unknown {
	const tooDeep = findJsonDepthFault(Buffer.from(text));
	if (tooDeep !== null) throw badRequest(`couldn't get version/kind; json parse error: ${tooDeep}`);
	try {
		return JSON.parse(text);
	} catch {
		throw badRequest(`couldn't get version/kind; json parse error: ${describeJsonFault(Buffer.from(text))}`);
	}
}

/** What is said of keys that stand twice in YAML; null where none does. */
export function describeRepeated(body: Buffer): string | null {
	const text = body.toString();
	if (readPlainJson(text) !== undefined) return null;
	const { repeated } = readYaml(text);
	if (repeated.length === 0) return null;
	const lines = repeated.map(({ key, line }) => `  line ${line}: key ${JSON.stringify(key)} already set in map`);
	return `error converting YAML to JSON: yaml: unmarshal errors:\n${lines.join('\n')}`;
}

function parseYaml(text: string): unknown {
	if (isYamlTooDeep(text)) throw badRequest('error converting YAML to JSON: yaml: exceeded max depth');
	const plain = readPlainJson(text);
	if (plain !== undefined) return plain;
	try {
		return readYaml(text).value;
	} catch (error) {
		throw badRequest(`error converting YAML to JSON: ${(error as Error).message}`);
	}
}

function readYaml(text: string) {
	if (yaml === undefined) throw new Error('the reader of YAML was not loaded');
	return yaml.parseRepeating(text);
}
