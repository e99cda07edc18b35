/** A cluster that somebody lends us: we only ever touch namespaces that carry this environment's label. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type KubeClient, openCluster } from '../kube/client.ts';
import { isForbidden, isNotFound } from '../kube/kube-error.ts';
import { extractContext } from '../kube/kubeconfig.ts';
import { systemClock } from '../model/clock.ts';
import type { ClusterAccess } from '../model/cluster.ts';
import { LabError, type Problem } from '../model/error.ts';
import { environmentLabel } from '../model/identity.ts';
import type { Found, Provider } from '../model/provider.ts';
import { writePrivately } from '../private-file.ts';
import { traceCall } from '../trace.ts';
import { examineKubectl } from './machine.ts';

export interface ExistingOptions {
	/** The environment's own folder. */
	folder: string;
	/** The kubeconfig and context that were named. */
	source: ClusterAccess;
	/** The namespace in which the lab's `default` lives here. */
	defaultNamespace: string;
	controlNamespace: string;
}

interface Namespace {
	metadata: { name: string; labels?: Record<string, string> };
}

export function openExisting(options: ExistingOptions): Provider {
	const { source, controlNamespace } = options;
	const own: ClusterAccess = { kubeconfig: join(options.folder, 'kubeconfig'), context: source.context };

	async function withClient<R>(use: (client: KubeClient) => Promise<R>): Promise<R> {
		const client = await openCluster(existsSync(own.kubeconfig) ? own : source);
		try {
			return await use(client);
		} finally {
			client.close();
		}
	}

	async function check(signal: AbortSignal): Promise<{ problems: Problem[]; about: string }> {
		try {
			const [kubectl, rights] = await Promise.all([
				examineKubectl(signal),
				withClient((client) => checkRights(client, source.context, signal)),
			]);
			return { problems: [kubectl.problem ?? [], rights].flat(), about: `context ${source.context}` };
		} catch (error) {
			if (error instanceof LabError) return { problems: [error], about: '' };
			throw error;
		}
	}

	async function find(signal: AbortSignal): Promise<Found> {
		try {
			const namespace = await withClient((client) => client.get(`/api/v1/namespaces/${controlNamespace}`, { signal }));
			const label = (namespace as Namespace).metadata.labels?.[environmentLabel];
			return label === undefined
				? { state: 'foreign', what: `namespace ${controlNamespace}` }
				: { state: 'running', label };
		} catch (error) {
			if (isNotFound(error)) return { state: 'absent' };
			throw error;
		}
	}

	async function connect(): Promise<ClusterAccess> {
		if (!existsSync(own.kubeconfig)) {
			await writePrivately(own.kubeconfig, extractContext(source, options.defaultNamespace));
		}
		return own;
	}

	async function remove(label: string, signal: AbortSignal): Promise<string[]> {
		return withClient(async (client) => {
			const names = await listNamespaces(client, label, signal);
			await Promise.all(names.map((name) => removeNamespace(client, name, signal)));
			await traceCall(
				{ text: `wait until ${names.join(', ')} are gone`, awaited: `${names.join(', ')} to go` },
				() => awaitAbsence(client, label, signal),
				() => 'gone',
			);
			return names.map((name) => `namespace ${name}`);
		});
	}

	return {
		id: 'existing',
		isShared: true,
		check,
		find,
		create: async () => void (await connect()),
		start: async () => {},
		connect,
		routeHosts: null,
		removeImages: null,
		remove,
	};
}

async function listNamespaces(client: KubeClient, label: string, signal: AbortSignal): Promise<string[]> {
	const selector = encodeURIComponent(`${environmentLabel}=${label}`);
	const list = await client.get(`/api/v1/namespaces?labelSelector=${selector}`, { signal });
	return (list as { items: Namespace[] }).items.map((namespace) => namespace.metadata.name);
}

async function awaitAbsence(client: KubeClient, label: string, signal: AbortSignal): Promise<void> {
	while ((await listNamespaces(client, label, signal)).length > 0) await systemClock.sleep(500, signal);
}

async function removeNamespace(client: KubeClient, name: string, signal: AbortSignal): Promise<void> {
	try {
		await client.request('DELETE', `/api/v1/namespaces/${name}`, { signal });
	} catch (error) {
		if (!isNotFound(error)) throw error;
	}
}

async function checkRights(client: KubeClient, context: string, signal: AbortSignal): Promise<Problem[]> {
	try {
		await client.get('/api/v1/namespaces?limit=1', { signal });
		const attributes = { verb: 'create', resource: 'namespaces' };
		const review = (await client.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
			body: {
				apiVersion: 'authorization.k8s.io/v1',
				kind: 'SelfSubjectAccessReview',
				spec: { resourceAttributes: attributes },
			},
			signal,
		})) as { status: { allowed: boolean } };
		if (review.status.allowed) return [];
	} catch (error) {
		if (!isForbidden(error)) throw error;
	}
	return [
		{
			code: 'rights-missing',
			message: `The account of context ${context} may not make namespaces.`,
			remedy: 'Use a context that may list, create and delete namespaces and what is in them.',
		},
	];
}
