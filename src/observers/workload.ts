/** A workload, and the Pods that it makes as its template is now. */

import { isDeepStrictEqual } from 'node:util';
import { isForbidden, KubeError } from '../kube/kube-error.ts';
import type { WorkloadFacts, WorkloadQuery } from '../model/evidence.ts';
import { type Access, isNamespaceAbsent } from './access.ts';
import type { List, ObjectMeta, Pod, PodTemplate, Workload } from './objects.ts';
import { describePull } from './pull.ts';

interface WorkloadKind {
	/** Path of the API group, and the resource's plural. */
	group: string;
	plural: string;
}

const kinds: Readonly<Record<string, WorkloadKind>> = {
	deployment: { group: '/apis/apps/v1', plural: 'deployments' },
	replicaset: { group: '/apis/apps/v1', plural: 'replicasets' },
	statefulset: { group: '/apis/apps/v1', plural: 'statefulsets' },
	daemonset: { group: '/apis/apps/v1', plural: 'daemonsets' },
	job: { group: '/apis/batch/v1', plural: 'jobs' },
	cronjob: { group: '/apis/batch/v1', plural: 'cronjobs' },
};

export async function observeWorkload(query: WorkloadQuery, access: Access): Promise<WorkloadFacts> {
	const { namespace, workload } = query;
	const [kind = '', name = ''] = workload.split('/');
	const { group, plural } = kinds[kind] ?? { group: '', plural: kind };
	const folder = `${group}/namespaces/${namespace}/${plural}`;
	const found = await access.read<Workload>(`${folder}/${encodeURIComponent(name)}`);
	const facts: WorkloadFacts = {
		workload,
		isNamespaceAbsent: false,
		exists: found !== null,
		siblings: [],
		desired: null,
		idle: null,
		isObserved: true,
		refusal: null,
		generation: 'present',
		pods: [],
	};
	if (found === null) {
		if (await isNamespaceAbsent(access, namespace)) return { ...facts, isNamespaceAbsent: true };
		const list = await access.read<List<Workload>>(folder);
		return { ...facts, siblings: (list?.items ?? []).map(({ metadata }) => metadata.name) };
	}
	const { maker, present, old } = await listGenerations(access, kind, found);
	// What a CronJob did before it changed says nothing of what it is now; other workloads replace theirs at once.
	const pods = present.length > 0 || kind === 'cronjob' ? present : old;
	const desired = countDesired(kind, found);
	const generation = present.length > 0 || old.length === 0 ? 'present' : 'old';
	const isShort = present.length < (desired ?? 1);
	const next = maker ?? describeNextJob(found);
	return {
		...facts,
		desired,
		idle: describeIdle(kind, found, desired) ?? describeHold(found, old),
		isObserved: group !== '/apis/apps/v1' || isObserved(found),
		refusal: next !== null && isShort ? await findRefusal(access, kind, next) : null,
		generation,
		pods: await Promise.all(pods.map((pod) => describePull(access, pod, { owner: workload }))),
	};
}

interface Generations {
	/** What makes the Pods itself: a Deployment's ReplicaSet, a CronJob's Job; null: nothing yet. */
	maker: Workload | null;
	present: Pod[];
	old: Pod[];
}

async function listGenerations(access: Access, kind: string, workload: Workload): Promise<Generations> {
	const { namespace = 'default' } = workload.metadata;
	const all = ((await access.read<List<Pod>>(`/api/v1/namespaces/${namespace}/pods`))?.items ?? []).filter(
		({ metadata }) => metadata.deletionTimestamp === undefined,
	);
	const ownedBy = (owner: Workload) => dropFinished(all.filter(({ metadata }) => isOwned(metadata, owner)));
	if (kind === 'deployment' || kind === 'cronjob') {
		const path = kind === 'deployment' ? '/apis/apps/v1' : '/apis/batch/v1';
		const plural = kind === 'deployment' ? 'replicasets' : 'jobs';
		const makers = (await access.read<List<Workload>>(`${path}/namespaces/${namespace}/${plural}`))?.items ?? [];
		const owned = makers.filter(({ metadata }) => isOwned(metadata, workload)).toSorted(byAge);
		// A Job that was made before its CronJob changed stays as it was, and another comes only in its time. A Deployment that
		// was changed goes back to a ReplicaSet that it has, or makes another, but not while it is paused.
		const newest = kind === 'deployment' ? owned.slice(-1) : owned;
		const maker = newest.filter((each) => isMadeFrom(workload, each)).at(-1) ?? null;
		return {
			maker,
			present: maker === null ? [] : ownedBy(maker),
			old: owned.filter((each) => each !== maker && (kind === 'deployment' || maker === null)).flatMap(ownedBy),
		};
	}
	const pods = ownedBy(workload);
	const hash = await findRevision(access, kind, workload);
	const isPresent = ({ metadata }: Pod) => hash === null || metadata.labels?.['controller-revision-hash'] === hash;
	return { maker: workload, present: pods.filter(isPresent), old: pods.filter((pod) => !isPresent(pod)) };
}

/** The Job that a CronJob will make: that its Pods are refused is so before its time has come. Null: it is no CronJob. */
function describeNextJob({ metadata, spec }: Workload): Workload | null {
	return spec?.jobTemplate === undefined ? null : { metadata, spec: spec.jobTemplate.spec };
}

/** Both have been given their defaults, so that what was copied is the same to the letter, but for the order of fields. */
function isMadeFrom({ spec }: Workload, { spec: made }: Workload): boolean {
	return isDeepStrictEqual((spec?.jobTemplate?.spec ?? spec)?.template?.spec, made?.template?.spec);
}

function isOwned(metadata: ObjectMeta, owner: Workload): boolean {
	return metadata.ownerReferences?.some(({ uid }) => uid !== undefined && uid === owner.metadata.uid) ?? false;
}

/** A Pod that was evicted or that failed stays beside the one that took its place. */
function dropFinished(pods: Pod[]): Pod[] {
	const sorted = pods.toSorted((a, b) => createdAt(a).localeCompare(createdAt(b)));
	const living = sorted.filter(({ status }) => status?.phase !== 'Failed');
	return living.length > 0 ? living : sorted.slice(-1);
}

/** Of a Deployment by revision, which a roll-back raises; of a CronJob by age. */
function byAge(one: Workload, other: Workload): number {
	const revision = ({ metadata }: Workload) => Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
	return revision(one) - revision(other) || createdAt(one).localeCompare(createdAt(other));
}

function createdAt({ metadata }: { metadata: ObjectMeta }): string {
	return metadata.creationTimestamp ?? '';
}

/** The hash that marks the Pods of the present template; null where Pods are never of another. */
async function findRevision(access: Access, kind: string, workload: Workload): Promise<string | null> {
	// Pods of a StatefulSet carry the revision's whole name.
	if (kind === 'statefulset') return workload.status?.updateRevision ?? null;
	if (kind !== 'daemonset') return null;
	const path = `/apis/apps/v1/namespaces/${workload.metadata.namespace ?? 'default'}/controllerrevisions`;
	const revisions = (await access.read<List<{ metadata: ObjectMeta; revision?: number }>>(path))?.items ?? [];
	const newest = revisions
		.filter(({ metadata }) => isOwned(metadata, workload))
		.toSorted((a, b) => (a.revision ?? 0) - (b.revision ?? 0))
		.at(-1);
	return newest?.metadata.labels?.['controller-revision-hash'] ?? null;
}

/** Whether what its status tells is of what it is now. */
function isObserved({ metadata, status }: Workload): boolean {
	return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

function countDesired(kind: string, { spec = {}, status = {} }: Workload): number | null {
	if (kind === 'daemonset') return status.desiredNumberScheduled ?? null;
	if (kind === 'job' || kind === 'cronjob') return null;
	return spec.replicas ?? 1;
}

function describeIdle(kind: string, { spec = {}, status = {} }: Workload, desired: number | null): string | null {
	const over = findEnd(status);
	if (kind === 'job' && over !== undefined) return [over.type, over.reason, over.message].filter(Boolean).join(': ');
	if (spec.suspend === true) return 'suspend: true';
	if (spec.paused === true) return 'paused: true';
	if (kind === 'daemonset' && desired === 0 && status.observedGeneration !== undefined) return 'it fits no node';
	return desired === 0 && kind !== 'daemonset' ? 'replicas: 0' : null;
}

/** Why it leaves Pods of the template before as they are; null: nothing keeps it from replacing them. */
function describeHold({ spec: { updateStrategy = {}, ordinals } = {} }: Workload, old: readonly Pod[]): string | null {
	const { type, rollingUpdate: { partition = 0 } = {} } = updateStrategy;
	if (type === 'OnDelete' && old.length > 0) return 'updateStrategy: OnDelete';
	const isBelow = (pod: Pod) => ordinalOf(pod) - (ordinals?.start ?? 0) < partition;
	return partition > 0 && old.some(isBelow) ? `updateStrategy: partition: ${partition}` : null;
}

/** The number at the end of the name of a StatefulSet's Pod. */
function ordinalOf({ metadata: { name } }: Pod): number {
	return Number(name.slice(name.lastIndexOf('-') + 1));
}

/**
 * A ReplicaSet says in its conditions that its Pods are refused; the others say so in events alone, which expire. So
 * those are asked for: creating one is tried without creating it.
 */
async function findRefusal(access: Access, kind: string, maker: Workload): Promise<string | null> {
	const failure = maker.status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
	if (failure !== undefined && isObserved(maker)) return failure.message ?? '';
	const template = maker.spec?.template;
	const isOver = findEnd(maker.status) !== undefined;
	if (kind === 'deployment' || kind === 'replicaset' || template === undefined || isOver) return null;
	return tryPod(access, maker, template);
}

/** Of a Job that makes no Pods any more. */
function findEnd(status: Workload['status']) {
	return status?.conditions?.find(
		({ type, status: isSo }) => (type === 'Complete' || type === 'Failed') && isSo === 'True',
	);
}

/** Whether whoever grades may not make Pods, which says nothing of whether the workload's controller may. */
function isForUs(error: KubeError): boolean {
	return isForbidden(error) && /^pods is forbidden: User /.test(error.message);
}

async function tryPod(access: Access, { metadata, spec }: Workload, template: PodTemplate): Promise<string | null> {
	const { namespace = 'default', name } = metadata;
	const claims = (spec?.volumeClaimTemplates ?? []).map(({ metadata: { name: claimName } }) => ({
		name: claimName,
		persistentVolumeClaim: { claimName },
	}));
	const pod = {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			generateName: `${name}-`,
			labels: template.metadata?.labels,
			annotations: template.metadata?.annotations,
		},
		spec: { ...template.spec, ...(claims.length > 0 && { volumes: [...(template.spec.volumes ?? []), ...claims] }) },
	};
	try {
		await access.dryRun<Pod>(`/api/v1/namespaces/${namespace}/pods`, pod);
		return null;
	} catch (error) {
		if (!(error instanceof KubeError) || error.status >= 500) throw error;
		return isForUs(error) ? null : error.message;
	}
}
