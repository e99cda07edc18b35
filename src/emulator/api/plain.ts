/** Paths beside the resources: version, OpenAPI. */

import { customDocumentOf, describeCustomTypes, listCustomDocuments } from '../custom/open-api.ts';
import type { Source } from '../custom/types.ts';
import { methodNotAllowed } from '../operations/errors.ts';
import {
	indexOpenApi,
	type OpenApiDocument,
	openApiOf,
	openApiOfVersion,
	openApiV2,
	openApiV2Protobuf,
	readVersion,
} from '../schema/index.ts';
import { isJson, type MediaType, requireOneOf } from './accept.ts';
import { type Answer, answerJson, answerNothing } from './answer.ts';
import { answerDocument, type DocumentRequest } from './document.ts';

export interface PlainRequest extends DocumentRequest {
	query: URLSearchParams;
	accepted: readonly MediaType[];
}

/** Null: no such path. Throws 405 and 406. */
export function answerPlain(source: Source, request: PlainRequest): Answer | null {
	const { path } = request;
	if (path === '/version' || path === '/version/') return answerVersion(request);
	if (path === '/openapi/v2') return answerOpenApiV2(source, request);
	if (path === '/openapi/v3') return answerIndex(source, request);
	const [, name] = /^\/openapi\/v3\/(.*)$/.exec(path) ?? [];
	return name === undefined ? null : answerOpenApiV3(name, findDocument(source, name), request);
}

function answerVersion({ method, accepted }: PlainRequest): Answer {
	if (method !== 'GET') throw methodNotAllowed();
	requireOneOf(['application/json'], accepted);
	return answerJson(200, readVersion());
}

const protobufType = /^application\/com\.github\.proto-openapi\.spec\.v2[@.]v1\.0\+protobuf$/;

/** kubectl asks for protobuf alone. */
function answerOpenApiV2(source: Source, request: PlainRequest): Answer {
	const chosen = request.accepted.find(({ type }) => isJson(type) || protobufType.test(type))?.type;
	const vary = { Vary: 'Accept-Encoding, Accept' };
	if (chosen === undefined) return answerNothing(406, vary);
	const custom = describeCustomTypes(source);
	const isProtobuf = protobufType.test(chosen);
	const { hash } = openApiV2(custom);
	const body = isProtobuf ? openApiV2Protobuf(custom).bytes : openApiV2(custom).text;
	const contentType = isProtobuf ? 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' : 'application/json';
	const headers = { Etag: `"${hash}"`, ...vary };
	return answerDocument({ body, contentType, hash, headers, isGzipped: true }, request);
}

/** Whatever is accepted: its type is what Go makes of its first bytes. */
function answerIndex(source: Source, request: PlainRequest): Answer {
	const body = JSON.stringify(indexOpenApi(listCustomDocuments(source)));
	return answerDocument({ body, contentType: 'text/plain; charset=utf-8', hash: body }, request);
}

function findDocument(source: Source, name: string): OpenApiDocument | null {
	if (name === 'version') return openApiOfVersion();
	const groupVersion = name === 'api/v1' ? 'v1' : /^apis\/(.+)$/.exec(name)?.[1];
	return groupVersion === undefined ? null : (openApiOf(groupVersion) ?? customDocumentOf(source, groupVersion));
}

/** One that is asked for by its hash never changes; who knows an older hash is sent to the present one. */
function answerOpenApiV3(name: string, document: OpenApiDocument | null, request: PlainRequest): Answer {
	if (document === null) return answerNothing(404);
	const vary = { Vary: 'Accept' };
	if (!request.accepted.some(({ type }) => isJson(type))) return answerNothing(406, vary);
	const { text, hash } = document;
	const contentType = 'application/json';
	const headers = { Etag: `"${hash}"`, ...vary };
	const wanted = request.query.get('hash');
	if (wanted && wanted !== hash) {
		const Location = `/openapi/v3/${name}?hash=${hash}`;
		return { code: 301, body: '', contentType, headers: { ...headers, Location } };
	}
	const lasting = { 'Cache-Control': 'public, immutable', Expires: formatExpiry(request.now) };
	return answerDocument({ body: text, contentType, hash, headers: { ...headers, ...(wanted && lasting) } }, request);
}

/** In a year, as Go's time.RFC1123 writes it. */
function formatExpiry(now: Date): string {
	const expiry = new Date(now);
	expiry.setUTCFullYear(expiry.getUTCFullYear() + 1);
	return expiry.toUTCString().replace('GMT', 'UTC');
}
