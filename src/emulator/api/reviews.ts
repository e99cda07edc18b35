/** Reviews: questions about access and identity, answered and not kept. */

import type { KubeObject } from '../object.ts';
import type { Caller, Core, Target, WriteContext } from '../operations/core.ts';
import { decodeObject } from '../operations/create.ts';
import { badRequest } from '../operations/errors.ts';
import { own } from '../operations/ownership.ts';
import { joinGroupVersion } from '../schema/index.ts';
import { formatTime } from '../time.ts';
import { createInvalidStatus, type FieldError } from '../validation/index.ts';
import { type Attributes, authorize, listRules, type PolicyRule } from './rbac.ts';
import { issuer, type Tokens } from './tokens.ts';

interface AccessSpec {
	resourceAttributes?: {
		verb?: string;
		group?: string;
		resource?: string;
		subresource?: string;
		name?: string;
		namespace?: string;
	};
	nonResourceAttributes?: { verb?: string; path?: string };
	user?: string;
	groups?: string[];
	uid?: string;
}

interface Review extends KubeObject {
	spec?: AccessSpec & { namespace?: string; token?: string; audiences?: string[] };
}

export function isReview({ type }: Target): boolean {
	return type.group === 'authorization.k8s.io' || type.group === 'authentication.k8s.io';
}

/** `body`: as it was sent. Throws 400 and 422. */
export function answerReview(core: Core, tokens: Tokens, target: Target, body: unknown, context: WriteContext): object {
	const { type } = target;
	const { caller } = context;
	const review: Review = own(core, target, decodeObject(type, body, context), null, context);
	const { metadata, spec = {} } = review;
	const head = { kind: type.kind, apiVersion: joinGroupVersion(type) };
	switch (type.resource) {
		case 'selfsubjectreviews': {
			const creationTimestamp = formatTime(core.clock.now());
			return { ...head, metadata: { creationTimestamp }, status: { userInfo: describe(caller) } };
		}
		case 'selfsubjectrulesreviews':
			if (!spec.namespace) throw badRequest('no namespace on request');
			return { ...head, metadata: {}, spec: {}, status: reviewRules(listRules(core.store, caller, spec.namespace)) };
		case 'tokenreviews':
			if (!spec.token) throw badRequest('token is required for TokenReview in authentication');
			return { ...head, metadata, spec, status: reviewToken(tokens, spec.token, spec.audiences ?? []) };
		case 'selfsubjectaccessreviews':
			checkReview(target, review, false);
			return { ...head, metadata, spec, status: reviewAccess(core, spec, caller) };
		default: {
			checkReview(target, review, true);
			const { user = '', groups = [] } = spec;
			return { ...head, metadata, spec, status: reviewAccess(core, spec, { username: user, groups }) };
		}
	}
}

/** Throws 422, which names no kind. */
function checkReview({ type, namespace }: Target, { metadata, spec = {} }: Review, isOfOthers: boolean): void {
	const { resourceAttributes: asked, nonResourceAttributes: path, user, groups = [] } = spec;
	const errors: FieldError[] = [];
	const refuse = (field: string, badValue: unknown, detail: string) =>
		errors.push({ type: 'Invalid value', field, badValue, detail });
	if (asked && path) {
		const shown = { Path: path.path ?? '', Verb: path.verb ?? '' };
		refuse('spec.nonResourceAttributes', shown, 'cannot be specified in combination with resourceAttributes');
	}
	if (!asked && !path) {
		const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
		refuse('spec.resourceAttributes', null, detail);
	}
	if (isOfOthers && !user && groups.length === 0) {
		refuse('spec.user', '', 'at least one of user or group must be specified');
	}
	const { managedFields: _managedFields, namespace: ownNamespace = '', ...rest } = metadata;
	if (type.isNamespaced && asked && asked.namespace !== namespace) {
		refuse('spec.resourceAttributes.namespace', asked.namespace ?? '', 'must match metadata.namespace');
	}
	const isPlain = Object.keys(rest).length === 0 && (type.isNamespaced || ownNamespace === '');
	if (!isPlain) refuse('metadata', metadata, 'must be empty');
	if (errors.length > 0) throw createInvalidStatus(`.${type.group}`, '', errors);
}

function describe({ username, uid, groups, extra }: Caller): object {
	return { username, ...(uid && { uid }), groups, ...(extra && { extra }) };
}

function reviewAccess(core: Core, spec: AccessSpec, caller: Caller): object {
	const { isAllowed, reason } = authorize(core.store, caller, readAttributes(spec));
	return { allowed: isAllowed, ...(reason !== '' && { reason }) };
}

function readAttributes({ resourceAttributes: asked, nonResourceAttributes: path }: AccessSpec): Attributes {
	if (path !== undefined) return { verb: path.verb ?? '', path: path.path ?? '' };
	const { verb = '', group = '', resource = '', subresource = '', name = '', namespace = '' } = asked ?? {};
	return { verb, group, resource: subresource === '' ? resource : `${resource}/${subresource}`, name, namespace };
}

function reviewRules(rules: PolicyRule[]): object {
	const ofResources = rules.filter(({ resources }) => resources?.length);
	const ofPaths = rules.filter(({ nonResourceURLs }) => nonResourceURLs?.length);
	return {
		resourceRules: ofResources.map(({ verbs, apiGroups, resources, resourceNames }) => ({
			verbs,
			apiGroups,
			resources,
			...(resourceNames && { resourceNames }),
		})),
		nonResourceRules: ofPaths.map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
		incomplete: false,
	};
}

/** `wanted`: the audiences that whoever asks belongs to; empty: the API server's own. */
function reviewToken(tokens: Tokens, token: string, wanted: readonly string[]): object {
	const known = tokens.readForAudiences(token);
	if (known === null) return { user: {}, error: 'invalid bearer token' };
	const { caller, audiences: meant } = known;
	const targets = wanted.length > 0 ? wanted : [issuer];
	const audiences = targets.filter((audience) => meant.includes(audience));
	if (audiences.length === 0) {
		const fault = `token audiences ${list(meant)} is invalid for the target audiences ${list(targets)}`;
		return { user: {}, error: `[invalid bearer token, ${fault}]` };
	}
	const groups = [...caller.groups, 'system:authenticated'];
	return { authenticated: true, user: describe({ ...caller, groups }), audiences };
}

/** As Go's `%q` prints them. */
function list(texts: readonly string[]): string {
	return `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;
}
