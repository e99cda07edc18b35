/** The generic handlers of every resource: from a request to an operation and its answer. */

import { findCustomType } from '../custom/types.ts';
import type { Core, WriteContext } from '../operations/core.ts';
import { createObject } from '../operations/create.ts';
import { type DeleteOptions, deleteCollection, deleteObject } from '../operations/delete.ts';
import { badRequest, forbidden, methodNotAllowed, notFound } from '../operations/errors.ts';
import { applyObject, patchObject } from '../operations/patch.ts';
import { getObject, listObjects } from '../operations/read.ts';
import { strategyOf } from '../operations/strategy.ts';
import { replaceObject } from '../operations/update.ts';
import { nameType, type ResourceType } from '../resource-type.ts';
import { findType } from '../schema/index.ts';
import { StatusError } from '../status-error.ts';
import { chooseView, notServed, requireProduced } from './accept.ts';
import { type Answer, answerEncoded, answerJson } from './answer.ts';
import { describeRepeated } from './body.ts';
import { type Call, contextOf, dataOf, objectOf, patchKindOf, type ResourceRequest } from './call.ts';
import { isWatch, readDeleteOptions, readListOptions } from './options.ts';
import { answerReview, isReview } from './reviews.ts';
import { answerBinding, answerSubresource } from './subresources.ts';
import type { Tokens } from './tokens.ts';
import { showList, showObject, type ViewWish } from './view.ts';
import { answerWatch } from './watch.ts';

/** What whoever uses a type is warned of. */
const deprecations: Record<string, string> = {
	componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
	endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

export function answerResource(core: Core, tokens: Tokens, request: ResourceRequest): Answer {
	const { group, version, resource, namespace, name, subresource } = request.path;
	const type = findType(group, version, resource) ?? findCustomType(core.store, group, version, resource);
	if (type === null) throw unknownResource();
	requireServed(type, request);
	requireVerb(type, request);
	const deprecation = type.custom?.deprecation ?? deprecations[nameType(type)];
	if (deprecation !== undefined) request.warn(deprecation);
	requireProduced(request.accepted, isList(request));
	const view = chooseView(request.accepted);
	const target = { type, namespace: type.isNamespaced ? namespace : '', name, subresource };
	// A review has no metadata to make a table of.
	if (view === null || (isReview(target) && view.as !== 'object')) throw notServed();
	const call: Call = { core, tokens, request, target, view };
	if (request.path.isWatch) return answerWatch(core, target, readListOptions(request.query), view, request.query);
	if (subresource !== '') return answerSubresource(call) ?? answerObject(call);
	return name === '' ? answerCollection(call) : answerObject(call);
}

/** Throws 404 where a definition's scope and the address differ, and 403 where it is going. */
function requireServed(type: ResourceType, { path, method }: ResourceRequest): void {
	if (type.custom === undefined) return;
	const isAnywhere = path.name === '' && (method === 'GET' || method === 'HEAD');
	if (type.isNamespaced ? path.namespace === '' && !isAnywhere : path.namespace !== '') throw unknownResource();
	if (type.custom.isTerminating && method === 'POST') {
		throw forbidden(type, path.name, 'create not allowed while custom resource definition is terminating');
	}
}

/** Throws 404 for a subresource that the type has not, and 405 for what cannot be done with it. */
function requireVerb(type: ResourceType, { method, path }: ResourceRequest): void {
	const { name, namespace, subresource } = path;
	const found = subresource === '' ? type : type.subresources.find((each) => each.name === subresource);
	if (found === undefined) throw type.custom === undefined ? unknownResource() : notFound(type, name);
	const isCollection = name === '';
	const isEverywhere = isCollection && type.isNamespaced && namespace === '';
	if (isEverywhere && method !== 'GET') throw methodNotAllowed();
	const verbs: Record<string, string[]> = {
		GET: isCollection ? ['list'] : ['get'],
		HEAD: ['get'],
		POST: isCollection || subresource !== '' ? ['create'] : [],
		PUT: isCollection ? [] : ['update'],
		PATCH: isCollection ? [] : ['patch'],
		DELETE: isCollection ? ['deletecollection'] : ['delete'],
	};
	// A definition that is going says so in discovery alone.
	if (type.custom?.isTerminating && (method === 'PUT' || method === 'PATCH' || method === 'POST')) return;
	if (!(verbs[method] ?? []).some((verb) => found.verbs.includes(verb))) throw methodNotAllowed();
}

function answerObject(call: Call): Answer {
	const { core, request, target } = call;
	switch (request.method) {
		case 'PUT': {
			const { object, isNew } = replaceObject(core, target, objectOf(call), contextOf(call, 'UpdateOptions'));
			return show(call, isNew ? 201 : 200, object);
		}
		case 'PATCH': {
			const kind = patchKindOf(call);
			const context = contextOf(call, 'PatchOptions', kind === 'apply');
			const applied = kind === 'apply' ? dataOf(call) : undefined;
			if (kind === 'apply') checkApplied(request, context);
			const { object, isNew } =
				kind === 'apply'
					? applyObject(core, target, applied, context)
					: patchObject(core, target, kind, request.body.toString(), context);
			return show(call, isNew ? 201 : 200, object);
		}
		case 'DELETE':
			return answerDelete(call);
		default:
			return show(call, 200, getObject(core, target, request.query.get('resourceVersion') ?? ''));
	}
}

/** Throws 400. */
function checkApplied({ body, warn }: ResourceRequest, { fieldValidation }: WriteContext): void {
	if (fieldValidation === 'Ignore') return;
	const fault = describeRepeated(body);
	if (fault === null) return;
	if (fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: ${fault}`);
	warn(fault);
}

function answerCollection(call: Call): Answer {
	const { core, tokens, request, target, view } = call;
	const { method, query } = request;
	if (method === 'POST') {
		if (nameType(target.type) === 'bindings') return answerOldBinding(call);
		const context = contextOf(call, 'CreateOptions');
		if (isReview(target)) return answerJson(201, answerReview(core, tokens, target, objectOf(call), context));
		return show(call, 201, createObject(core, target, objectOf(call), context));
	}
	const options = readListOptions(query);
	if (method === 'DELETE') {
		const { dryRun, ...deletion } = readDeleteOptions(dataOf(call), query);
		const context = { ...contextOf(call, 'DeleteOptions'), isDryRun: dryRun.length > 0 };
		const items = deleteCollection(core, target, deletion, options, context);
		return answerEncoded(200, showList(wishOf(call), { items, revision: core.store.revision }));
	}
	if (isWatch(query)) return answerWatch(core, target, options, view, query);
	return answerEncoded(200, showList(wishOf(call), listObjects(core, target, options)));
}

/** `/bindings`, as it was before Pods had one of their own. */
function answerOldBinding(call: Call): Answer {
	const pods = findType('', 'v1', 'pods') as ResourceType;
	const { metadata } = (dataOf(call) ?? {}) as { metadata?: { name?: string } };
	return answerBinding({ ...call, target: { ...call.target, type: pods } }, metadata?.name ?? '');
}

function answerDelete(call: Call): Answer {
	const { core, request, target } = call;
	const { dryRun, ...options } = readDeleteOptions(dataOf(call), request.query);
	if (nameType(target.type) === 'jobs.batch' && !saysWhatBecomesOfDependents(options)) request.warn(preservedPods);
	const context = { ...contextOf(call, 'DeleteOptions'), isDryRun: dryRun.length > 0 };
	const { object, isGone } = deleteObject(core, target, options, context);
	const { type, name } = target;
	if (!isGone || strategyOf(type).isReturnedByDelete) return show(call, 200, object);
	const group = type.group === '' ? {} : { group: type.group };
	const details = { name, ...group, kind: type.resource, uid: object.metadata.uid };
	return answerJson(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

const preservedPods =
	'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

function saysWhatBecomesOfDependents({ propagationPolicy, orphanDependents }: DeleteOptions): boolean {
	return propagationPolicy !== undefined || orphanDependents !== undefined;
}

function show(call: Call, code: number, object: Parameters<typeof showObject>[1]): Answer {
	return answerEncoded(code, showObject(wishOf(call), object));
}

function wishOf({ core, target, view, request }: Call): ViewWish {
	return { type: target.type, view, query: request.query, now: core.clock.now() };
}

export function unknownResource(): StatusError {
	return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

function isList({ path, method }: ResourceRequest): boolean {
	return path.name === '' && method === 'GET';
}
