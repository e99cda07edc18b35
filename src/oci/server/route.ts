/** From the path of a request to what it is about: the endpoints of the distribution spec. */

import { posix } from 'node:path';
import { isRepositoryName, isTag } from '../reference.ts';

export type Route =
	/** Whether anybody is there; asks for no password. */
	| { kind: 'alive' }
	| { kind: 'base' }
	| { kind: 'catalog' }
	| { kind: 'tags'; repository: string }
	| { kind: 'manifest'; repository: string; reference: string }
	| { kind: 'referrers'; repository: string; digest: string }
	| { kind: 'blob'; repository: string; digest: string }
	/** `id` empty: uploads as such, where one is begun. */
	| { kind: 'upload'; repository: string; id: string };

/** Looks like a digest; whether it is one is for those to say who need it. */
const digestShape = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;
const uploadId = /^\/[\w.=-]*$/;
const belowRepository =
	/^\/v2\/(?<repository>.+)\/(?:(?<list>tags\/list)|blobs\/uploads(?<id>\/[^/]*)|(?<kind>manifests|referrers|blobs)\/(?<rest>[^/]+))$/;

/** Null: there is no such page. A repository may have any of these words in its own name, so the last one counts. */
export function parseRoute(path: string): Route | null {
	if (path === '/') return { kind: 'alive' };
	if (path === '/v2/') return { kind: 'base' };
	if (path === '/v2/_catalog') return { kind: 'catalog' };

	const { repository = '', list, id, kind, rest = '' } = belowRepository.exec(path)?.groups ?? {};
	if (!isRepositoryName(repository)) return null;
	if (list !== undefined) return { kind: 'tags', repository };
	if (id !== undefined) return uploadId.test(id) ? { kind: 'upload', repository, id: id.slice(1) } : null;
	const isDigest = digestShape.test(rest);
	if (kind === 'manifests' && (isTag(rest) || isDigest)) return { kind: 'manifest', repository, reference: rest };
	if (kind === 'referrers' && isDigest) return { kind: 'referrers', repository, digest: rest };
	if (kind === 'blobs' && isDigest) return { kind: 'blob', repository, digest: rest };
	return null;
}

/** The path that has no empty parts and no dots any more; null where there is nothing to tidy up. */
export function tidyPath(path: string): string | null {
	const tidy = path.startsWith('/') ? posix.normalize(path) : path;
	return tidy === path ? null : tidy;
}

/** The page that is meant by a path with a slash too many or too few at its end; null: it is a page itself, or none is. */
export function findPage(path: string): string | null {
	const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
	return parseRoute(path) === null && parseRoute(other) !== null ? other : null;
}
