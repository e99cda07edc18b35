/** From the path of a request to what it is about: the endpoints of the distribution spec. */

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
const uploadId = /^\/?[\w.=-]*$/;
const belowRepository =
	/^\/v2\/(?<repository>.+)\/(?:(?<list>tags\/list)|blobs\/uploads(?<id>(?:\/[^/]*)?)|(?<kind>manifests|referrers|blobs)\/(?<rest>[^/]+))$/;

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
