/** The ReplicaSets of a Deployment as its history: which is the new one, which are old, and their numbers. */

import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '../cluster-client.ts';
import { StatusError } from '../status-error.ts';
import { hashTemplate } from './hash.ts';
import { referTo } from './reconcile.ts';
import { replicaSets } from './replica-sets.ts';
import { type Deployment, findMaxReplicas } from './rollout.ts';
import { claim, type PodTemplate, type Workload } from './workload.ts';

export const annotations = {
	revision: 'deployment.kubernetes.io/revision',
	history: 'deployment.kubernetes.io/revision-history',
	desired: 'deployment.kubernetes.io/desired-replicas',
	max: 'deployment.kubernetes.io/max-replicas',
} as const;

const hashLabel = 'pod-template-hash';
const notHandedOn = new Set<string>([
	...Object.values(annotations),
	'kubectl.kubernetes.io/last-applied-configuration',
	'deprecated.deployment.rollback.to',
]);

export interface History {
	newest: Workload | null;
	/** Oldest first. */
	old: Workload[];
}

export function readHistory(client: ClusterClient, deployment: Deployment): History {
	const owned = claim<Workload>(client, deployment, replicaSets).sort((one, other) =>
		(one.metadata.creationTimestamp ?? '') < (other.metadata.creationTimestamp ?? '') ? -1 : 1,
	);
	const newest = owned.find((set) =>
		isDeepStrictEqual(withoutHash(set.spec.template), withoutHash(deployment.spec.template)),
	);
	return { newest: newest ?? null, old: owned.filter((set) => set !== newest) };
}

function withoutHash({ metadata = {}, spec }: PodTemplate): object {
	const { [hashLabel]: _hash, ...labels } = metadata.labels ?? {};
	return JSON.parse(JSON.stringify({ metadata: { ...metadata, labels }, spec }));
}

export function revisionOf({ metadata }: Workload): number {
	return Number(metadata.annotations?.[annotations.revision] ?? 0);
}

/** The new ReplicaSet with its number, made where it is not there. Throws StatusError. */
export function keepNewest(client: ClusterClient, deployment: Deployment, { newest, old }: History): Workload {
	const revision = Math.max(0, ...old.map(revisionOf)) + 1;
	const namespace = deployment.metadata.namespace ?? '';
	const kept =
		newest === null
			? create(client, deployment, revision, old)
			: (client.update<Workload>(replicaSets, namespace, newest.metadata.name, (set) =>
					annotate(set, deployment, revision),
				) ?? newest);
	number(client, deployment, String(revisionOf(kept)));
	return kept;
}

/** The Deployment carries the number of its newest ReplicaSet; written with its status, so that it is no change of its wishes. */
function number(client: ClusterClient, { metadata: { namespace = '', name } }: Deployment, revision: string): void {
	const change = (stored: Deployment) => {
		if (stored.metadata.annotations?.[annotations.revision] === revision) return stored;
		const marked = { ...stored.metadata.annotations, [annotations.revision]: revision };
		return { ...stored, metadata: { ...stored.metadata, annotations: marked } };
	};
	client.update<Deployment>('deployments.apps', namespace, name, change, { subresource: 'status' });
}

function annotate(set: Workload, deployment: Deployment, revision: number): Workload {
	const before = set.metadata.annotations ?? {};
	const own = revisionOf(set);
	const handedOn = inherit(deployment);
	const numbers =
		own >= revision
			? {}
			: {
					[annotations.revision]: String(revision),
					...(own > 0 && { [annotations.history]: [before[annotations.history], own].filter(Boolean).join(',') }),
				};
	const after = { ...before, ...handedOn, ...numbers };
	return isDeepStrictEqual(before, after) ? set : { ...set, metadata: { ...set.metadata, annotations: after } };
}

function inherit({ metadata }: Deployment): Record<string, string> {
	const entries = Object.entries(metadata.annotations ?? {}).filter(([name]) => !notHandedOn.has(name));
	return Object.fromEntries(entries);
}

function create(client: ClusterClient, deployment: Deployment, revision: number, old: readonly Workload[]): Workload {
	const { metadata, spec } = deployment;
	const collisions = Number(deployment.status?.collisionCount ?? 0);
	const hash = hashTemplate(spec.template, collisions);
	const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash };
	const current = old.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
	const isRecreating = spec.strategy?.type === 'Recreate';
	const room = isRecreating
		? spec.replicas
		: Math.min(spec.replicas, Math.max(0, findMaxReplicas(deployment) - current));
	const set = {
		apiVersion: 'apps/v1',
		kind: 'ReplicaSet',
		metadata: {
			name: `${metadata.name}-${hash}`,
			labels,
			annotations: {
				...inherit(deployment),
				[annotations.desired]: String(spec.replicas),
				[annotations.max]: String(findMaxReplicas(deployment)),
				[annotations.revision]: String(revision),
			},
			ownerReferences: [referTo(deployment)],
		},
		spec: {
			...(spec.minReadySeconds && { minReadySeconds: spec.minReadySeconds }),
			replicas: room,
			selector: { ...spec.selector, matchLabels: { ...spec.selector?.matchLabels, [hashLabel]: hash } },
			template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
		},
	};
	try {
		return client.create<Workload>(replicaSets, metadata.namespace ?? '', set);
	} catch (error) {
		if (error instanceof StatusError && error.reason === 'AlreadyExists')
			countCollision(client, deployment, collisions);
		throw error;
	}
}

/** The name is another's: the next try hashes to another one. */
function countCollision(
	client: ClusterClient,
	{ metadata: { namespace = '', name } }: Deployment,
	collisions: number,
): void {
	const change = (stored: Deployment) => ({ ...stored, status: { ...stored.status, collisionCount: collisions + 1 } });
	client.update<Deployment>('deployments.apps', namespace, name, change, { subresource: 'status' });
}
