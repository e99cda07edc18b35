/** Server-side apply of plain objects, in this program's own name. */

import type { KubeClient } from '../kube/client.ts';
import { LabError } from '../model/error.ts';
import { fieldManager } from '../model/identity.ts';

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

/** Applies objects one after the other; looks each group's kinds up once. */
export class Applier {
	readonly #client: KubeClient;
	readonly #signal: AbortSignal;
	readonly #resources = new Map<string, Promise<Resource[]>>();

	constructor(client: KubeClient, signal: AbortSignal) {
		this.#client = client;
		this.#signal = signal;
	}

	async apply(object: KubeObject): Promise<void> {
		const path = await this.#pathOf(object);
		await this.#client.request('PATCH', `${path}?fieldManager=${fieldManager}&force=true`, {
			body: object,
			contentType: 'application/apply-patch+yaml',
			signal: this.#signal,
		});
	}

	async #pathOf({ apiVersion, kind, metadata }: KubeObject): Promise<string> {
		const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
		let known = this.#resources.get(group);
		if (known === undefined) {
			known = this.#client
				.get(group, { signal: this.#signal })
				.then((list) => (list as { resources: Resource[] }).resources);
			this.#resources.set(group, known);
		}
		const resource = (await known).find((candidate) => candidate.kind === kind && !candidate.name.includes('/'));
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
}
