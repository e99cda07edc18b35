/** Reviews: questions about access and identity, answered and not kept. */

import type { Caller, Core, Target } from '../operations/core.ts';
import { badRequest } from '../operations/errors.ts';
import { formatTime } from '../operations/time.ts';
import { joinGroupVersion } from '../schema/index.ts';
import { createInvalidStatus } from '../validation/index.ts';
import { type Attributes, authorize, listRules, type PolicyRule } from './rbac.ts';
import type { Tokens } from './tokens.ts';

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

interface Review {
	metadata?: object;
	spec?: AccessSpec & { namespace?: string; token?: string };
}

export function isReview({ type }: Target): boolean {
	return type.group === 'authorization.k8s.io' || type.group === 'authentication.k8s.io';
}

export function answerReview(core: Core, tokens: Tokens, target: Target, body: unknown, caller: Caller): object {
	const { type } = target;
	const { metadata, spec = {} } = (body ?? {}) as Review;
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
			return { ...head, metadata: metadata ?? {}, spec, status: reviewToken(tokens, spec.token ?? '') };
		case 'selfsubjectaccessreviews':
			return { ...head, metadata: metadata ?? {}, spec, status: reviewAccess(core, target, spec, caller) };
		default: {
			const { user = '', groups = [] } = spec;
			return {
				...head,
				metadata: metadata ?? {},
				spec,
				status: reviewAccess(core, target, spec, { username: user, groups }),
			};
		}
	}
}

function describe({ username, uid, groups, extra }: Caller): object {
	return { username, ...(uid && { uid }), groups, ...(extra && { extra }) };
}

function reviewAccess(core: Core, { type }: Target, spec: AccessSpec, caller: Caller): object {
	const { isAllowed, reason } = authorize(core.store, caller, readAttributes(`${type.kind}.${type.group}`, spec));
	return { allowed: isAllowed, ...(reason !== '' && { reason }) };
}

function readAttributes(
	kind: string,
	{ resourceAttributes: asked, nonResourceAttributes: path }: AccessSpec,
): Attributes {
	if ((asked === undefined) === (path === undefined)) {
		const field = asked === undefined ? 'spec.resourceAttributes' : 'spec.nonResourceAttributes';
		const detail =
			asked === undefined
				? 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
				: 'cannot be specified in combination with resourceAttributes';
		throw createInvalidStatus(kind, '', [{ type: 'Invalid value', field, badValue: null, detail }]);
	}
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

function reviewToken(tokens: Tokens, token: string): object {
	const caller = tokens.read(token);
	if (caller === null) return { user: {}, error: 'invalid bearer token' };
	const groups = [...caller.groups, 'system:authenticated'];
	return {
		authenticated: true,
		user: describe({ ...caller, groups }),
		audiences: ['https://kubernetes.default.svc.cluster.local'],
	};
}
