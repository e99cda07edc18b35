/** Kubernetes objects as an API server would hand them out, by their paths. */

import type { KubeClient } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/kube-error.ts';

export interface StoredObject {
	metadata: { name: string; namespace?: string; labels?: Record<string, string>; [field: string]: unknown };
	[field: string]: unknown;
}

interface PodObject {
	spec: { serviceAccountName?: string; imagePullSecrets?: unknown[] | undefined };
}

/** Plural of the type → its objects. */
export type Shelves = Record<string, StoredObject[]>;

/** Answers reads of single objects and of lists; whatever it does not know is not there, or an empty list. */
export function openShelves(shelves: Shelves, version: string): KubeClient {
	async function get(path: string): Promise<unknown> {
		const { pathname, searchParams } = new URL(path, 'http://shelves');
		if (pathname === '/version') return { gitVersion: `v${version}` };
		const parts = pathname
			.replace(/^\/api\/v1\/|^\/apis\/[^/]+\/v1\//, '')
			.split('/')
			.map(decodeURIComponent);
		const isNamespaced = parts[0] === 'namespaces' && parts.length > 2;
		const namespace = isNamespaced ? parts[1] : undefined;
		const [type = '', name] = isNamespaced ? parts.slice(2) : parts;
		const all = (shelves[type] ?? []).filter(
			({ metadata }) => namespace === undefined || metadata.namespace === namespace,
		);
		if (name === undefined) return { items: all.filter((object) => isSelected(object, searchParams)) };
		const found = all.find(({ metadata }) => metadata.name === name);
		if (found === undefined) throw new KubeError('GET', path, 404, { kind: 'Status', reason: 'NotFound', message: '' });
		return found;
	}

	/** As the ServiceAccount admission plugin: a Pod without a list gets its account's. */
	async function admit(pod: PodObject, namespace: string, path: string): Promise<PodObject> {
		const name = pod.spec.serviceAccountName ?? 'default';
		const accountPath = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
		const account = (await get(accountPath).catch((error: unknown) => {
			if (!(error instanceof KubeError)) throw error;
			const message = `pods "x" is forbidden: error looking up service account ${namespace}/${name}`;
			throw new KubeError('POST', path, 403, { kind: 'Status', reason: 'Forbidden', message });
		})) as { imagePullSecrets?: unknown[] };
		const { imagePullSecrets = account.imagePullSecrets } = pod.spec;
		return { ...pod, spec: { ...pod.spec, imagePullSecrets } };
	}

	return {
		server: 'http://shelves',
		date: new Date('2026-01-01T01:00:00Z'),
		get,
		async request(method, path, { body } = {}) {
			if (method === 'GET') return get(path);
			const [, namespace] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\?dryRun=All$/.exec(path) ?? [];
			if (method === 'POST' && namespace !== undefined) return admit(body as PodObject, namespace, path);
			throw new Error(`${method} ${path}: nothing here can be changed`);
		},
		follow() {
			throw new Error('nothing here ever changes');
		},
		close() {},
	};
}

function isSelected({ metadata, ...rest }: StoredObject, parameters: URLSearchParams): boolean {
	const [, name] = /^metadata\.name=(.*)$/.exec(parameters.get('fieldSelector') ?? '') ?? [];
	const [, uid] = /involvedObject\.uid=([^,]*)/.exec(parameters.get('fieldSelector') ?? '') ?? [];
	const label = parameters.get('labelSelector');
	const about = (rest.involvedObject as { uid?: string } | undefined)?.uid;
	return (
		(name === undefined || metadata.name === name) &&
		(uid === undefined || about === uid) &&
		(label === null || label in (metadata.labels ?? {}))
	);
}
