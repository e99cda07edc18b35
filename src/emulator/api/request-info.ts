/** What a path asks for: `/apis/apps/v1/namespaces/default/deployments/web/scale` and the like. */

export interface ResourcePath {
	group: string;
	version: string;
	/** Empty: cluster-scoped, or all namespaces. */
	namespace: string;
	resource: string;
	/** Empty: the collection. */
	name: string;
	subresource: string;
	/** `/watch/` before the resource, as clients of old write it. */
	isWatch: boolean;
}

/** Null: the path is not one of a resource. */
export function parseResourcePath(path: string): ResourcePath | null {
	const parts = path.split('/').slice(1).map(decodeURIComponent);
	if (parts.at(-1) === '') parts.pop();
	const [root] = parts;
	if (root !== 'api' && root !== 'apis') return null;
	const [group, version, ...rest] = root === 'api' ? ['', ...parts.slice(1)] : parts.slice(1);
	if (group === undefined || !version || rest.length === 0) return null;
	const isWatch = rest[0] === 'watch';
	if (isWatch) rest.shift();
	const scoped = { group, version, isWatch };
	if (rest[0] !== 'namespaces' || rest.length < 3 || (rest.length === 3 && isNamespaceSubresource(rest[2]))) {
		return fill(scoped, rest[0] === 'namespaces' ? (rest[1] ?? '') : '', rest);
	}
	return fill(scoped, rest[1] ?? '', rest.slice(2));
}

function isNamespaceSubresource(part: string | undefined): boolean {
	return part === 'status' || part === 'finalize';
}

function fill(
	scope: Pick<ResourcePath, 'group' | 'version' | 'isWatch'>,
	namespace: string,
	[resource = '', name = '', ...subresource]: string[],
): ResourcePath | null {
	if (resource === '') return null;
	return { ...scope, namespace, resource, name, subresource: subresource.join('/') };
}
