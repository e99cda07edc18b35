/** Discovery over HTTP: the old form or the aggregated one, as the caller accepts, with an ETag. */

import { createHash } from 'node:crypto';
import {
	describeAll,
	describeCoreVersions,
	describeGroup,
	describeGroups,
	describeResources,
	type RecordedGroupVersion,
} from '../schema/index.ts';
import { isJson, type MediaType } from './accept.ts';
import { type Answer, answerJson, answerNothing } from './answer.ts';

export interface DiscoveryRequest {
	path: string;
	/** `127.0.0.1:6443` */
	serverAddress: string;
	accepted: readonly MediaType[];
	ifNoneMatch: string | undefined;
	/** What definitions make. */
	custom: readonly RecordedGroupVersion[];
}

/** Null: not a path of discovery. */
export function answerDiscovery(request: DiscoveryRequest): Answer | null {
	const path = request.path.replace(/\/$/, '');
	if (path === '/api' || path === '/apis') return answerRoot(path === '/api' ? 'api' : 'apis', request);
	const parts = /^\/(?:api|apis\/([^/]+))(?:\/([^/]+))?$/.exec(path);
	if (!parts) return null;
	const [, group, version] = parts;
	const found =
		version === undefined
			? describeGroup(group ?? '', request.custom)
			: describeResources(group ? `${group}/${version}` : version, request.custom);
	return found && answerJson(200, found);
}

function answerRoot(root: 'api' | 'apis', request: DiscoveryRequest): Answer {
	const { accepted, serverAddress, custom } = request;
	const form = chooseForm(accepted);
	if (form !== null) return answerAggregated(root, form, request);
	return answerJson(200, root === 'api' ? describeCoreVersions(serverAddress) : describeGroups(custom));
}

const aggregated = new Map<string, { body: string; etag: string }>();

/** Without definitions it is always the same. */
function answerAggregated(
	root: 'api' | 'apis',
	form: 'v2' | 'v2beta1',
	{ ifNoneMatch, custom }: DiscoveryRequest,
): Answer {
	const isPlain = root === 'api' || custom.length === 0;
	const key = `${root} ${form}`;
	const known = (isPlain ? aggregated.get(key) : undefined) ?? encodeAggregated(root, form, custom);
	if (isPlain) aggregated.set(key, known);
	const contentType = `application/json;g=apidiscovery.k8s.io;v=${form};as=APIGroupDiscoveryList`;
	const headers = { Etag: known.etag, Vary: 'Accept', 'Cache-Control': 'public' };
	return ifNoneMatch === known.etag
		? answerNothing(304, headers)
		: { code: 200, body: known.body, contentType, headers };
}

function encodeAggregated(root: 'api' | 'apis', form: 'v2' | 'v2beta1', custom: readonly RecordedGroupVersion[]) {
	const body = JSON.stringify(describeAll(root, form, custom));
	return { body, etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
}

function chooseForm(accepted: readonly MediaType[]): 'v2' | 'v2beta1' | null {
	for (const { type, parameters } of accepted) {
		if (!isJson(type)) continue;
		const { as, g, v } = parameters;
		if (as === undefined) return null;
		if (g === 'apidiscovery.k8s.io' && as === 'APIGroupDiscoveryList' && (v === 'v2' || v === 'v2beta1')) return v;
	}
	return null;
}
