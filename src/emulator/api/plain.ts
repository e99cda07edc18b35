/** Paths beside the resources: version, OpenAPI. */

import { customDocumentOf, describeCustomTypes, listCustomDocuments } from '../custom/open-api.ts';
import type { Source } from '../custom/types.ts';
import {
	type DescribedType,
	indexOpenApi,
	openApiOf,
	openApiV2,
	openApiV2Protobuf,
	readVersion,
} from '../schema/index.ts';
import type { MediaType } from './accept.ts';
import { type Answer, answerError, answerJson, answerNothing } from './answer.ts';
import { notAcceptable } from './resources.ts';

/** Null: no such path. */
export function answerPlain(
	source: Source,
	path: string,
	accepted: readonly MediaType[],
	ifNoneMatch: string | undefined,
): Answer | null {
	if (path === '/version' || path === '/version/') return answerJson(200, readVersion());
	if (path === '/openapi/v3') return answerJson(200, indexOpenApi(listCustomDocuments(source)));
	if (path === '/openapi/v2') return answerOpenApiV2(accepted, ifNoneMatch, describeCustomTypes(source));
	const version = /^\/openapi\/v3\/apis?\/(.+)$/.exec(path)?.[1];
	const document = version === undefined ? null : (openApiOf(version) ?? customDocumentOf(source, version));
	return document && answerDocument({ body: document.text, hash: document.hash }, ifNoneMatch);
}

const protobufType = /^application\/com\.github\.proto-openapi\.spec\.v2[@.]v1\.0\+protobuf$/;

/** kubectl asks for protobuf alone. */
function answerOpenApiV2(
	accepted: readonly MediaType[],
	ifNoneMatch: string | undefined,
	custom: readonly DescribedType[],
): Answer {
	if (accepted.some(({ type }) => protobufType.test(type))) {
		const { bytes, hash } = openApiV2Protobuf(custom);
		const contentType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
		return answerDocument({ body: bytes, hash, contentType }, ifNoneMatch);
	}
	const takesJson = accepted.some(({ type }) => type === 'application/json' || type === '*/*');
	if (!takesJson) return answerError(notAcceptable(accepted));
	const { text, hash } = openApiV2(custom);
	return answerDocument({ body: text, hash }, ifNoneMatch);
}

interface Document {
	body: string | Uint8Array;
	hash: string;
	contentType?: string;
}

function answerDocument({ body, hash, contentType = 'application/json' }: Document, ifNoneMatch?: string): Answer {
	const etag = `"${hash}"`;
	const headers = { Etag: etag, 'Cache-Control': 'public', Vary: 'Accept' };
	return ifNoneMatch === etag ? answerNothing(304, headers) : { code: 200, body, contentType, headers };
}
