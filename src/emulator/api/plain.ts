/** Paths beside the resources: version, health, OpenAPI. */

import { indexOpenApi, openApiOf, openApiV2, readVersion } from '../schema/index.ts';
import type { MediaType } from './accept.ts';
import { type Answer, answerError, answerJson, answerText } from './answer.ts';
import { notAcceptable } from './resources.ts';

/** Null: no such path. */
export function answerPlain(
	path: string,
	accepted: readonly MediaType[],
	ifNoneMatch: string | undefined,
): Answer | null {
	if (path === '/version' || path === '/version/') return answerJson(200, readVersion());
	if (/^\/(?:healthz|livez|readyz)(?:\/|$)/.test(path)) return answerText(200, 'ok');
	if (path === '/openapi/v3') return answerJson(200, indexOpenApi());
	if (path === '/openapi/v2') return answerOpenApiV2(accepted, ifNoneMatch);
	const version = /^\/openapi\/v3\/apis?\/(.+)$/.exec(path)?.[1];
	const document = version === undefined ? null : openApiOf(version);
	return document && answerDocument(document, ifNoneMatch);
}

/** kubectl asks for protobuf alone, and takes a refusal. */
function answerOpenApiV2(accepted: readonly MediaType[], ifNoneMatch: string | undefined): Answer {
	const takesJson = accepted.some(({ type }) => type === 'application/json' || type === '*/*');
	return takesJson ? answerDocument(openApiV2(), ifNoneMatch) : answerError(notAcceptable());
}

function answerDocument({ text, hash }: { text: string; hash: string }, ifNoneMatch: string | undefined): Answer {
	const etag = `"${hash}"`;
	const headers = { Etag: etag, 'Cache-Control': 'public', Vary: 'Accept' };
	if (ifNoneMatch === etag) return { code: 304, body: '', contentType: 'application/json', headers };
	return { code: 200, body: text, contentType: 'application/json', headers };
}
