/** Lists: the tags of a repository, all repositories, and what refers to a manifest. */

import { mediaTypes } from '../media-types.ts';
import { type Answer, answerJson } from './answer.ts';
import { type Exchange, requireDigest, requireRepository } from './exchange.ts';
import { parseManifest } from './manifest.ts';
import { refuse } from './refusal.ts';
import type { Route } from './route.ts';

type RouteOf<K extends Route['kind']> = Extract<Route, { kind: K }>;

const defaultCatalogLength = 100;

export function listTags({ repository }: RouteOf<'tags'>, exchange: Exchange): Answer {
	const tags = [...requireRepository(exchange, repository).tags.keys()].sort();
	const page = takePage(exchange, `/v2/${repository}/tags/list`, tags, tags.length);
	return answerJson(200, { name: repository, tags: page.entries }, page.headers);
}

export function listRepositories(_route: RouteOf<'catalog'>, exchange: Exchange): Answer {
	const page = takePage(exchange, '/v2/_catalog', exchange.repositories.names(), defaultCatalogLength);
	return answerJson(200, { repositories: page.entries }, page.headers);
}

/** The subject itself need not be there. */
export async function listReferrers({ repository, digest }: RouteOf<'referrers'>, exchange: Exchange): Promise<Answer> {
	requireDigest(digest);
	const wanted = exchange.query.get('artifactType');
	const all = await Promise.all(
		[...(exchange.repositories.find(repository)?.manifests ?? [])]
			.filter(([, { subject }]) => subject === digest)
			.map(async ([referrer, { mediaType, size }]) => ({
				mediaType,
				digest: referrer,
				size,
				...describeReferrer(mediaType, await exchange.storage.read(referrer)),
			})),
	);
	const manifests = wanted === null ? all : all.filter(({ artifactType }) => artifactType === wanted);
	return answerJson(
		200,
		{ schemaVersion: 2, mediaType: mediaTypes.index, manifests },
		{ 'Content-Type': mediaTypes.index, ...(wanted !== null && { 'OCI-Filters-Applied': 'artifactType' }) },
	);
}

/** An image manifest that names no type is what its config is. */
function describeReferrer(mediaType: string, bytes: Buffer) {
	const { artifactType, config, annotations } = parseManifest(mediaType, bytes);
	const type = artifactType ?? config?.mediaType;
	return { ...(type !== undefined && { artifactType: type }), ...(annotations && { annotations }) };
}

function takePage({ query }: Exchange, path: string, sorted: readonly string[], defaultLength: number) {
	const last = query.get('last');
	const rest = last === null ? sorted : sorted.filter((entry) => entry > last);
	const length = readLength(query.get('n')) ?? defaultLength;
	const entries = rest.slice(0, length);
	const next = entries.at(-1);
	if (next === undefined || entries.length === rest.length) return { entries, headers: {} };
	return { entries, headers: { Link: `<${path}?last=${encodeURIComponent(next)}&n=${length}>; rel="next"` } };
}

function readLength(text: string | null): number | null {
	if (text === null || text === '') return null;
	if (!/^\d+$/.test(text)) throw refuse('PAGINATION_NUMBER_INVALID', { detail: { n: text } });
	return Number(text);
}
