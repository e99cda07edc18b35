/** Discovery over HTTP: the old form or the aggregated one, as the caller accepts, with an ETag. */

import { createHash } from 'node:crypto';
import { methodNotAllowed } from '../operations/errors.ts';
import {
	describeAll,
	describeCoreVersions,
	describeGroup,
	describeGroups,
	describeResources,
	type RecordedGroupVersion,
} from '../schema/index.ts';
import { isJson, type MediaType, notServed, requireProduced } from './accept.ts';
import { type Answer, answerJson, answerNothing } from './answer.ts';

export interface DiscoveryRequest {
	method: string;
	path: string;
	/** `127.0.0.1:6443` */
	serverAddress: string;
	accepted: readonly MediaType[];
	ifNoneMatch: string | undefined;
	/** What definitions make. */
	custom: readonly RecordedGroupVersion[];
}

type Form = 'plain' | 'aggregated';

/** Null: not a path of discovery. Throws 405 and 406. */
export function answerDiscovery(request: DiscoveryRequest): Answer | null {
	const { custom, serverAddress } = request;
	const path = request.path.replace(/\/$/, '');
	if (path === '/api') return answerRoot('api', () => describeCoreVersions(serverAddress), request);
	if (path === '/apis') return answerRoot('apis', () => describeGroups(custom), request);
	const [, group, version] = /^\/(?:api|apis\/([^/]+))(?:\/([^/]+))?$/.exec(path) ?? [];
	if (group === undefined && version === undefined) return null;
	if (version === undefined) return answerFound(describeGroup(group ?? '', custom), request);
	const groupVersion = group ? `${group}/${version}` : version;
	const found = describeResources(groupVersion, custom);
	if (found !== null && !custom.some((each) => each.groupVersion === groupVersion)) requireRoute(request);
	return answerFound(found, request);
}

function answerFound(found: object | null, { accepted }: DiscoveryRequest): Answer | null {
	if (found === null) return null;
	if (chooseForm(accepted) === null) throw notServed();
	return answerJson(200, found);
}

function answerRoot(root: 'api' | 'apis', describe: () => object, request: DiscoveryRequest): Answer {
	if (root === 'api') requireRoute(request);
	switch (chooseForm(request.accepted, 'aggregated')) {
		case 'plain':
			return answerJson(200, describe());
		case 'aggregated':
			return answerAggregated(root, request);
		default:
			throw notServed();
	}
}

/** What the server's own versions have and the aggregator's paths have not: a list of methods and of media types. */
function requireRoute({ method, accepted }: DiscoveryRequest): void {
	if (method !== 'GET') throw methodNotAllowed();
	requireProduced(accepted);
}

const aggregated = new Map<string, { body: string; etag: string }>();

/** Without definitions it is always the same. */
function answerAggregated(root: 'api' | 'apis', { ifNoneMatch, custom }: DiscoveryRequest): Answer {
	const isPlain = root === 'api' || custom.length === 0;
	const known = (isPlain ? aggregated.get(root) : undefined) ?? encodeAggregated(root, custom);
	if (isPlain) aggregated.set(root, known);
	const contentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
	const headers = { Etag: known.etag, Vary: 'Accept', 'Cache-Control': 'public' };
	return ifNoneMatch === known.etag
		? answerNothing(304, headers)
		: { code: 200, body: known.body, contentType, headers };
}

function encodeAggregated(root: 'api' | 'apis', custom: readonly RecordedGroupVersion[]) {
	const body = JSON.stringify(describeAll(root, custom));
	return { body, etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
}

/** Null: in no form that there is. */
function chooseForm(accepted: readonly MediaType[], other?: 'aggregated'): Form | null {
	for (const { type, parameters } of accepted) {
		if (!isJson(type)) continue;
		const { as, g, v } = parameters;
		if (as === undefined) return 'plain';
		if (other && g === 'apidiscovery.k8s.io' && as === 'APIGroupDiscoveryList' && v === 'v2') return other;
	}
	return null;
}
