/** The generic handlers of every resource: from a request to an operation and its answer. */

import type { Caller, Core, FieldValidation, Target, WriteContext } from '../operations/core.ts';
import { createObject } from '../operations/create.ts';
import { type DeleteOptions, deleteCollection, deleteObject } from '../operations/delete.ts';
import { methodNotAllowed } from '../operations/errors.ts';
import { getObject, type ListOptions, listObjects } from '../operations/read.ts';
import { strategyOf } from '../operations/strategy.ts';
import { type PatchKind, patchObject, replaceObject } from '../operations/update.ts';
import { findType } from '../schema/index.ts';
import { StatusError } from '../status-error.ts';
import { chooseView, type MediaType, parseMediaType, type View } from './accept.ts';
import { type Answer, answerEncoded, answerJson } from './answer.ts';
import { parseBody, unsupported } from './body.ts';
import type { ResourcePath } from './request-info.ts';
import { showList, showObject } from './view.ts';
import { answerGone, watchObjects } from './watch.ts';

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

const patchKinds: Record<string, PatchKind> = {
	'application/json-patch+json': 'json',
	'application/merge-patch+json': 'merge',
	'application/strategic-merge-patch+json': 'strategic',
	'application/apply-patch+yaml': 'apply',
};

export function answerResource(core: Core, request: ResourceRequest): Answer {
	const { path, method, query } = request;
	const type = findType(path.group, path.version, path.resource);
	if (type === null) throw unknownResource();
	const { name, subresource } = path;
	const target: Target = { type, namespace: type.isNamespaced ? path.namespace : '', name, subresource };
	const view = chooseView(request.accepted);
	if (view === null) throw notAcceptable();
	const context = contextOf(request);

	if (name === '') return answerCollection(core, request, target, view, context);
	if (method === 'GET' || method === 'HEAD') {
		return answerEncoded(200, showObject(type, getObject(core, target), view, query));
	}
	if (method === 'PUT') {
		const { object, isNew } = replaceObject(core, target, bodyOf(request), context);
		return answerEncoded(isNew ? 201 : 200, showObject(type, object, view, query));
	}
	if (method === 'PATCH') {
		const kind = patchKinds[parseMediaType(request.contentType ?? '').type];
		if (kind === undefined) throw unsupported();
		const { object, isNew } = patchObject(core, target, kind, bodyOf(request), context);
		return answerEncoded(isNew ? 201 : 200, showObject(type, object, view, query));
	}
	if (method === 'DELETE') return answerDelete(core, request, target, view, context);
	throw methodNotAllowed();
}

function answerCollection(
	core: Core,
	request: ResourceRequest,
	target: Target,
	view: View,
	context: WriteContext,
): Answer {
	const { method, query, path } = request;
	if (method === 'POST') {
		return answerEncoded(
			201,
			showObject(target.type, createObject(core, target, bodyOf(request), context), view, query),
		);
	}
	const options = readListOptions(query);
	if (method === 'GET') {
		if (!path.isWatch && !isTrue(query.get('watch'))) {
			return answerEncoded(200, showList(target.type, listObjects(core, target, options), view, query));
		}
		return answerWatch(core, target, options, view, query);
	}
	if (method === 'DELETE') {
		const items = deleteCollection(core, target, deleteOptionsOf(request), options, context);
		return answerEncoded(200, showList(target.type, { items, revision: core.store.revision }, view, query));
	}
	throw methodNotAllowed();
}

function answerWatch(core: Core, target: Target, options: ListOptions, view: View, query: URLSearchParams): Answer {
	const initial = query.get('sendInitialEvents');
	try {
		const watch = {
			...options,
			hasBookmarks: isTrue(query.get('allowWatchBookmarks')),
			sendsInitialEvents: initial === null ? undefined : isTrue(initial),
			timeoutSeconds: Number(query.get('timeoutSeconds') ?? 0),
		};
		return watchObjects(core, target, watch, view, query);
	} catch (error) {
		if (error instanceof StatusError && error.code === 410) return answerGone(error);
		throw error;
	}
}

function answerDelete(core: Core, request: ResourceRequest, target: Target, view: View, context: WriteContext): Answer {
	const { object, isGone } = deleteObject(core, target, deleteOptionsOf(request), context);
	const { type, name } = target;
	if (!isGone || strategyOf(type).isReturnedByDelete) {
		return answerEncoded(200, showObject(type, object, view, request.query));
	}
	const details = {
		name,
		...(type.group !== '' && { group: type.group }),
		kind: type.resource,
		uid: object.metadata.uid,
	};
	return answerJson(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

function contextOf({ caller, query, userAgent, warn }: ResourceRequest): WriteContext {
	return {
		caller,
		isDryRun: query.getAll('dryRun').includes('All'),
		fieldManager: query.get('fieldManager') || (userAgent.split('/')[0] as string),
		fieldValidation: (query.get('fieldValidation') || 'Warn') as FieldValidation,
		warn,
	};
}

function bodyOf({ body, contentType }: ResourceRequest): unknown {
	return parseBody(body, contentType);
}

function deleteOptionsOf({ body, contentType, query }: ResourceRequest): DeleteOptions {
	const given = (parseBody(body, contentType) ?? {}) as DeleteOptions;
	const grace = query.get('gracePeriodSeconds');
	const policy = query.get('propagationPolicy');
	return {
		...given,
		...(grace !== null && { gracePeriodSeconds: Number(grace) }),
		...(policy !== null && { propagationPolicy: policy }),
	};
}

function readListOptions(query: URLSearchParams): ListOptions {
	return {
		labelSelector: query.get('labelSelector') ?? '',
		fieldSelector: query.get('fieldSelector') ?? '',
		limit: Number(query.get('limit') ?? 0),
		continue: query.get('continue') ?? '',
		resourceVersion: query.get('resourceVersion') ?? '',
		resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
	};
}

/** As Go's conversion of queries does it: anything but `false` and `0`. */
function isTrue(value: string | null): boolean {
	return value !== null && value !== 'false' && value !== '0';
}

export function unknownResource(): StatusError {
	return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function notAcceptable(): StatusError {
	return new StatusError(
		406,
		'NotAcceptable',
		'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;as=Table;v=v1;g=meta.k8s.io, application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
	);
}
