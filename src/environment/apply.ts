/** Server-side apply of plain objects, in this program's own name. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubeClient, openCluster } from '../kube/client.ts';
import type { ClusterAccess } from '../model/cluster.ts';
import { LabError } from '../model/error.ts';
import { fieldManager } from '../model/identity.ts';
import { awaitHandedOn } from './handed-on.ts';

export interface KubeObject {
	apiVersion: string;
	kind: string;
	metadata: { name: string; namespace?: string; labels?: Record<string, string> };
	[field: string]: unknown;
}

interface Resource {
	kind: string;
	name: string;
	namespaced: boolean;
}

/** What this program itself makes, and every cluster knows. */
const everywhere: Resource[] = [
	{ kind: 'Namespace', name: 'namespaces', namespaced: false },
	{ kind: 'ConfigMap', name: 'configmaps', namespaced: true },
	{ kind: 'ServiceAccount', name: 'serviceaccounts', namespaced: true },
];

/** What each client was told of the groups that were asked for; a refusal is not remembered. */
const known = new WeakMap<KubeClient, Map<string, Promise<Resource[]>>>();

/** Applies objects one after the other; looks each group's kinds up once. */
export class Applier {
	readonly #client: KubeClient;
	readonly #signal: AbortSignal;
	readonly #resources: Map<string, Promise<Resource[]>>;

	constructor(client: KubeClient, signal: AbortSignal) {
		this.#client = client;
		this.#signal = signal;
		this.#resources = known.get(client) ?? new Map();
		known.set(client, this.#resources);
	}

	/** A Pod that comes after it gets an account's list as it was applied. */
	async apply(object: KubeObject): Promise<void> {
		const path = await this.pathOf(object);
		await this.#client.request('PATCH', `${path}?fieldManager=${fieldManager}&force=true`, {
			body: object,
			contentType: 'application/apply-patch+yaml',
			signal: this.#signal,
		});
		if (object.kind === 'ServiceAccount' && object['imagePullSecrets'] !== undefined)
			await awaitHandedOn(this.#client, object, this.#signal);
	}

	/** Where the API has it. Throws LabError where the cluster knows no such kind. */
	async pathOf({ apiVersion, kind, metadata }: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): Promise<string> {
		const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
		const resource =
			everywhere.find((each) => apiVersion === 'v1' && each.kind === kind) ?? (await this.#find(group, kind));
		if (resource === undefined) {
			throw new LabError({
				code: 'kind-unknown',
				message: `The cluster knows no ${kind} of ${apiVersion}.`,
				remedy: 'It may be older than the lab: kubeproctor status tells its version.',
			});
		}
		const place = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
		return `${group}${place}/${resource.name}/${encodeURIComponent(metadata.name)}`;
	}

	async #find(group: string, kind: string): Promise<Resource | undefined> {
		let asked = this.#resources.get(group);
		if (asked === undefined) {
			asked = this.#client
				.get(group, { signal: this.#signal })
				.then((list) => (list as { resources: Resource[] }).resources);
			asked.catch(() => this.#resources.delete(group));
			this.#resources.set(group, asked);
		}
		return (await asked).find((candidate) => candidate.kind === kind && !candidate.name.includes('/'));
	}
}

/** The objects of every manifest in a folder, in the order of the files' names; empty where there is no such folder. */
export async function readManifests(folder: string): Promise<KubeObject[]> {
	const files = (await readdir(folder).catch(() => [])).filter((file) => /\.ya?ml$/.test(file)).sort();
	const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
	if (texts.length === 0) return [];
	const { parseManifests } = await import('../yaml.ts');
	return texts.flatMap((text) => parseManifests(text) as KubeObject[]);
}

/** Resolves to what was applied: `pod/private-pod`. */
export async function applyManifests(access: ClusterAccess, folder: string, signal: AbortSignal): Promise<string[]> {
	const client = await openCluster(access);
	try {
		const applier = new Applier(client, signal);
		const objects = await readManifests(folder);
		for (const object of objects) await applier.apply(object);
		return objects.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
	} finally {
		client.close();
	}
}
