/** The body of a request: read within limits, and turned into data. */

import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { parseRepeating } from '../../yaml.ts';
import { badRequest } from '../operations/errors.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { ProtobufError } from '../protobuf/wire.ts';
import { StatusError } from '../status-error.ts';
import { findJsonDepthFault, isYamlTooDeep } from '../validation/depth.ts';
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

/** JSON as its text, anything else as data. */
export function readObject(body: Buffer, contentType: string | undefined): unknown {
	const { type } = parseMediaType(contentType ?? 'application/json');
	return type === '' || type === 'application/json' ? body.toString() : parseBody(body, contentType);
}

/** Undefined: there is no body. */
export function parseBody(body: Buffer, contentType: string | undefined): unknown {
	if (body.length === 0) return undefined;
	const { type } = parseMediaType(contentType ?? 'application/json');
	if (type === 'application/vnd.kubernetes.protobuf') return parseProtobuf(body);
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

function parseProtobuf(body: Buffer): unknown {
	try {
		return decodeProtobuf(body);
	} catch (error) {
		if (error instanceof ProtobufError) throw badRequest(error.message);
		throw error;
	}
}

function parseJson(text: string): unknown {
	const tooDeep = findJsonDepthFault(Buffer.from(text));
	if (tooDeep !== null) throw badRequest(`couldn't get version/kind; json parse error: ${tooDeep}`);
	try {
		return JSON.parse(text);
	} catch (error) {
		throw badRequest(`invalid JSON: ${(error as Error).message}`);
	}
}

/** What is said of keys that stand twice in YAML; null where none does. */
export function describeRepeated(body: Buffer): string | null {
	const { repeated } = parseRepeating(body.toString());
	if (repeated.length === 0) return null;
	const lines = repeated.map(({ key, line }) => `  line ${line}: key ${JSON.stringify(key)} already set in map`);
	return `error converting YAML to JSON: yaml: unmarshal errors:\n${lines.join('\n')}`;
}

function parseYaml(text: string): unknown {
	if (isYamlTooDeep(text)) throw badRequest('error converting YAML to JSON: yaml: exceeded max depth');
	try {
		return parseRepeating(text).value;
	} catch (error) {
		throw badRequest(`error converting YAML to JSON: ${(error as Error).message}`);
	}
}
