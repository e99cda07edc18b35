/** What the handlers of a resource have at hand, and what they read from it. */

import type { Caller, Core, Target, WriteContext } from '../operations/core.ts';
import type { PatchKind } from '../operations/patch.ts';
import type { DecodedKind } from '../patch/decode.ts';
import { StatusError } from '../status-error.ts';
import { type MediaType, parseMediaType, type View } from './accept.ts';
import { parseBody, readObject } from './body.ts';
import { readWriteOptions } from './options.ts';
import type { ResourcePath } from './request-info.ts';
import type { Tokens } from './tokens.ts';

export interface ResourceRequest {
	method: string;
	path: ResourcePath;
	query: URLSearchParams;
	accepted: readonly MediaType[];
	contentType: string | undefined;
	body: Buffer;
	userAgent: string;
	caller: Caller;
	warn(text: string): void;
}

export interface Call {
	core: Core;
	tokens: Tokens;
	request: ResourceRequest;
	target: Target;
	view: View;
}

const patchKinds: Record<string, PatchKind> = {
	'application/json-patch+json': 'json',
	'application/merge-patch+json': 'merge',
	'application/strategic-merge-patch+json': 'strategic',
	'application/apply-patch+yaml': 'apply',
};

/** `kind`: of the options that the query holds. */
export function contextOf({ request }: Call, kind: string, isApply = false): WriteContext {
	const { query, userAgent, caller, warn } = request;
	return { ...readWriteOptions(kind, query, userAgent, isApply), caller, warn };
}

/** Throws 415. */
export function patchKindOf({ request: { contentType }, target }: Call): PatchKind {
	const kind = patchKinds[parseMediaType(contentType ?? '').type];
	if (target.type.custom !== undefined && (kind === undefined || kind === 'strategic')) throw refuseType();
	if (kind === undefined) throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
	return kind;
}

function refuseType(): StatusError {
	const taken = Object.keys(patchKinds).filter((type) => patchKinds[type] !== 'strategic');
	const message = `the body of the request was in an unknown format - accepted media types include: ${taken.join(', ')}`;
	return new StatusError(415, 'UnsupportedMediaType', message);
}

/** What is to be stored: JSON as its text, so that whatever is wrong with it can be told. */
export function objectOf(call: Call): unknown {
	const { body, contentType } = call.request;
	return readObject(body, contentType, expectedOf(call));
}

/** Undefined: there is no body. */
export function dataOf(call: Call): unknown {
	const { body, contentType } = call.request;
	return parseBody(body, contentType, expectedOf(call));
}

function expectedOf({ request, target: { type, subresource } }: Call): DecodedKind {
	if (request.method === 'DELETE') return deleteOptions;
	return type.subresources.find(({ name }) => name === subresource) ?? type;
}

const deleteOptions: DecodedKind = { group: '', version: 'v1', kind: 'DeleteOptions', schema: '' };
