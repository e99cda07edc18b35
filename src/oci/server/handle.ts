/** Gives each request to what serves its path and method. */

import { type Answer, answerText } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Route } from './route.ts';
import { deleteBlob, getBlob } from './serve-blobs.ts';
import { listReferrers, listRepositories, listTags } from './serve-lists.ts';
import { deleteManifest, getManifest, putManifest } from './serve-manifests.ts';
import { beginUpload, cancelUpload, completeUpload, getUpload, takeChunk } from './serve-uploads.ts';

type Handler<R> = (route: R, exchange: Exchange) => Answer | Promise<Answer>;
type Methods<R> = Record<string, Handler<R>>;
type Table = { [K in Exclude<Route['kind'], 'alive' | 'base'>]: Methods<Extract<Route, { kind: K }>> };

/** Every method is in alphabetical order, as it stands in `Allow`. */
const table: Table = {
	blob: { DELETE: deleteBlob, GET: getBlob, HEAD: getBlob },
	catalog: { GET: listRepositories },
	manifest: { DELETE: deleteManifest, GET: getManifest, HEAD: getManifest, PUT: putManifest },
	referrers: { GET: listReferrers },
	tags: { GET: listTags },
	upload: {
		DELETE: cancelUpload,
		GET: getUpload,
		HEAD: getUpload,
		PATCH: takeChunk,
		POST: beginUpload,
		PUT: completeUpload,
	},
};

export async function handle(route: Route, exchange: Exchange): Promise<Answer> {
	if (route.kind === 'alive') return { status: 200, headers: { 'Cache-Control': 'no-cache' } };
	if (route.kind === 'base') {
		return { status: 200, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: '{}' };
	}
	const methods = table[route.kind] as Methods<Route>;
	const handler = Object.hasOwn(methods, exchange.method) ? methods[exchange.method] : undefined;
	if (handler) return handler(route, exchange);
	const headers = { Allow: Object.keys(methods).join(', ') };
	return exchange.method === 'OPTIONS' ? { status: 200, headers } : answerText(405, 'Method not allowed', headers);
}
