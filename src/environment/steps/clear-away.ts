/** The step of a reset that takes away whatever was done, so that a lab begins as on the first day. */

import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/kube-error.ts';
import type { EnvironmentRecord } from '../../model/environment.ts';
import { completionName, environmentLabel } from '../../model/identity.ts';
import { emptyNamespaces } from '../empty-namespaces.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { PreparedCluster } from './prepare-cluster.ts';

interface Namespace {
	metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
}

/** What belongs to Kubernetes and to kind. */
const foreign = /^kube-|^local-path-storage$/;

export async function clearAway(
	request: UpRequest,
	{ label, registries }: EnvironmentRecord,
	{ client }: PreparedCluster,
	step: Step,
): Promise<void> {
	const { signal } = step;
	// First, so that an interrupted reset is not taken for a lab that is set up.
	await remove(client, `/api/v1/namespaces/${request.controlNamespace}/configmaps/${completionName}`, signal);
	const { items } = (await client.get('/api/v1/namespaces', { signal })) as { items: Namespace[] };
	const found = items.filter((namespace) => isOfLearner(namespace, request, label));
	const wanted = new Set(['default', ...Object.values(request.namespaces)]);
	const kept = found.filter(({ metadata }) => wanted.has(metadata.name));
	const surplus = found.filter(({ metadata }) => !wanted.has(metadata.name));
	const counted = await emptyNamespaces(
		client,
		kept.map(({ metadata }) => metadata.name),
		step,
	);
	// Once nothing uses them, and before anything of the lab pulls again. Those of the lab before count as well.
	const hosts = new Set([...registries.map(({ host }) => host), ...Object.values(request.hosts)]);
	await request.provider.removeImages?.([...hosts], signal);
	await Promise.all([
		...surplus.map(({ metadata }) => remove(client, `/api/v1/namespaces/${metadata.name}`, signal)),
		...kept.map((namespace) => forgetMarks(client, namespace, signal)),
	]);
	const objects = counted === 1 ? '1 object' : `${counted} objects`;
	step.report(request.provider.removeImages === null ? `${objects}; nodes keep their images` : objects);
}

/** On a cluster that others use only what carries our label. */
function isOfLearner({ metadata }: Namespace, request: UpRequest, label: string): boolean {
	if (metadata.name === request.controlNamespace) return false;
	if (request.provider.isShared) return metadata.labels?.[environmentLabel] === label;
	return !foreign.test(metadata.name);
}

/** Labels and annotations that somebody gave the namespace: they may decide what is let in. */
async function forgetMarks(client: KubeClient, { metadata }: Namespace, signal: AbortSignal): Promise<void> {
	const ours = new Set(['kubernetes.io/metadata.name', environmentLabel]);
	const forget = (marks: Record<string, string> = {}) =>
		Object.fromEntries(Object.keys(marks).flatMap((key) => (ours.has(key) ? [] : [[key, null]])));
	await client.request('PATCH', `/api/v1/namespaces/${metadata.name}`, {
		body: { metadata: { labels: forget(metadata.labels), annotations: forget(metadata.annotations) } },
		contentType: 'application/merge-patch+json',
		signal,
	});
}

async function remove(client: KubeClient, path: string, signal: AbortSignal): Promise<void> {
	try {
		await client.request('DELETE', path, { signal });
	} catch (error) {
		if (!isNotFound(error)) throw error;
	}
}
