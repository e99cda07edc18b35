/** Lists: the tags of a repository, all repositories, and what refers to a manifest. */

import { mediaTypes } from '../media-types.ts';
import { type Answer, answerJson } from './answer.ts';
import { type Exchange, requireDigest, requireRepository } from './exchange.ts';
import { parseManifest } from './manifest.ts';
import { refuse } from './refusal.ts';
import type { Route } from './route.ts';

type RouteOf<K extends Route['kind']> = Extract<Route, { kind: K }>;

const catalogLength = { usual: 100, most: 1000 };

export function listTags({ repository }: RouteOf<'tags'>, exchange: Exchange): Answer {
	const tags = [...requireRepository(exchange, repository).tags.keys()].sort();
	const length = readLength(exchange.query.get('n')) ?? tags.length;
	const { entries, isLast } = takePage(exchange, tags, length);
	const headers = isLast ? {} : linkNext(`/v2/${repository}/tags/list`, entries, length);
	return answerJson(200, { name: repository, tags: entries }, headers);
}

/** The spec has no catalog, so it is that of registry:2, which takes a page that is full for one of several. */
export function listRepositories(_route: RouteOf<'catalog'>, exchange: Exchange): Answer {
	const length = readCatalogLength(exchange.query.get('n') ?? '');
	const names = exchange.repositories.names().sort((one, other) => (isBehind(one, other) ? 1 : -1));
	const { entries } = takePage(exchange, names, length, isBehind);
	const headers = entries.length < length ? {} : linkNext('/v2/_catalog', entries, length);
	return answerJson(200, { repositories: entries }, headers);
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

function takePage(
	{ query }: Exchange,
	sorted: readonly string[],
	length: number,
	comesAfter = (entry: string, last: string) => entry > last,
) {
	const last = query.get('last');
	const rest = last === null ? sorted : sorted.filter((entry) => comesAfter(entry, last));
	return { entries: rest.slice(0, length), isLast: rest.length <= length };
}

/** As folders are walked: `a/b` comes right after `a`, before `a-b`. */
function isBehind(name: string, other: string): boolean {
	return name.replaceAll('/', '\0') > other.replaceAll('/', '\0');
}

/** A page without entries has none behind it. */
function linkNext(path: string, entries: readonly string[], length: number): Record<string, string> {
	const last = entries.at(-1);
	return last === undefined ? {} : { Link: `<${path}?last=${encodeURIComponent(last)}&n=${length}>; rel="next"` };
}

function readLength(text: string | null): number | null {
	if (text === null || text === '') return null;
	if (!/^\d+$/.test(text)) throw refuse('PAGINATION_NUMBER_INVALID', { detail: { n: text } });
	return Number(text);
}

/** What is no number, or none of Go's, is as good as nothing. */
function readCatalogLength(text: string): number {
	const length = /^\d+$/.test(text) && BigInt(text) < 2n ** 63n ? Number(text) : catalogLength.usual;
	if (length > catalogLength.most) throw refuse('PAGINATION_NUMBER_INVALID', { detail: { n: length } });
	return length;
}
