/** What controllers of Pods have in common: the Pods they own, how these are made and deleted, and when they are ready. */

import type { ClusterClient } from '../cluster-client.ts';
import { isTerminalPhase, type Pod, type PodSpec } from '../kubelet/pod.ts';
import { type LabelSelector, selects } from '../label-selection.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';
import { isEqual } from '../patch/index.ts';
import type { TypeName } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import type { EventRecorder } from './event-recorder.ts';
import { findController, isControlledBy, keepOwners, referTo } from './reconcile.ts';

export interface PodTemplate {
	metadata?: Partial<ObjectMeta>;
	spec: PodSpec;
}

export interface Workload extends KubeObject {
	spec: {
		selector?: LabelSelector;
		template: PodTemplate;
		replicas?: number;
		minReadySeconds?: number;
		[field: string]: unknown;
	};
	status?: { conditions?: WorkloadCondition[]; observedGeneration?: number; [field: string]: unknown };
}

export interface WorkloadCondition {
	type: string;
	status: string;
	reason?: string;
	message?: string;
	lastTransitionTime?: string;
	lastUpdateTime?: string;
	lastProbeTime?: string;
}

/** Also takes over Pods without an owner that the selector selects, as Kubernetes does. */
export function claimPods(client: ClusterClient, owner: Workload): Pod[] {
	return claim<Pod>(client, owner, 'pods');
}

/** Those of `type` that are the owner's, or come to be, but for those that its selector no longer selects. */
export function claim<T extends KubeObject>(client: ClusterClient, owner: Workload, type: TypeName): T[] {
	const namespace = owner.metadata.namespace ?? '';
	const objects = client.list<T>(type, namespace).flatMap((object) => {
		if (isControlledBy(object, owner)) return [object];
		const isAdoptable =
			findController(object) === undefined &&
			object.metadata.deletionTimestamp === undefined &&
			owner.metadata.deletionTimestamp === undefined &&
			selects(owner.spec.selector, object.metadata.labels);
		return isAdoptable ? adopt(client, owner, type, object) : [];
	});
	return objects.filter(
		(object) => selects(owner.spec.selector, object.metadata.labels) || release(client, owner, type, object),
	);
}

function adopt<T extends KubeObject>(
	client: ClusterClient,
	owner: Workload,
	type: TypeName,
	{ metadata: { namespace = '', name } }: T,
): T[] {
	const adopted = client.update<T>(type, namespace, name, (object) => ({
		...object,
		metadata: { ...object.metadata, ownerReferences: [...(object.metadata.ownerReferences ?? []), referTo(owner)] },
	}));
	return adopted === null ? [] : [adopted];
}

/** What the owner's selector no longer selects, since its labels were changed, belongs to nobody any more. */
function release(client: ClusterClient, owner: Workload, type: TypeName, { metadata }: KubeObject): false {
	if (metadata.deletionTimestamp !== undefined) return false;
	client.update(type, metadata.namespace ?? '', metadata.name, (object) =>
		keepOwners(object, ({ uid }) => uid !== owner.metadata.uid),
	);
	return false;
}

export interface PodMaking {
	client: ClusterClient;
	recorder: EventRecorder;
	owner: Workload;
	/** Default: a name is made from the owner's. */
	name?: string;
	metadata?: Partial<ObjectMeta>;
	spec?: Partial<PodSpec>;
	/** The event's text; default: `Created pod: NAME`. */
	tell?: { created: (name: string) => string; failed: (name: string, error: string) => string };
}

/** Throws StatusError, after it has been told of. */
export function createPod({ client, recorder, owner, name, metadata = {}, spec = {}, tell }: PodMaking): Pod {
	const { template } = owner.spec;
	const { labels, annotations, finalizers } = template.metadata ?? {};
	const allLabels = { ...labels, ...metadata.labels };
	const pod = {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			...(name === undefined ? {} : { name }),
			generateName: `${owner.metadata.name}-`,
			...(Object.keys(allLabels).length > 0 && { labels: allLabels }),
			...((annotations ?? metadata.annotations) && { annotations: { ...annotations, ...metadata.annotations } }),
			...((finalizers ?? metadata.finalizers) && {
				finalizers: [...(finalizers ?? []), ...(metadata.finalizers ?? [])],
			}),
			ownerReferences: [referTo(owner)],
		},
		spec: { ...template.spec, ...spec },
	};
	try {
		const created = client.create<Pod>('pods', owner.metadata.namespace ?? '', pod);
		const message = tell?.created(created.metadata.name) ?? `Created pod: ${created.metadata.name}`;
		recorder.record(owner, 'Normal', 'SuccessfulCreate', message);
		return created;
	} catch (error) {
		if (error instanceof StatusError) {
			recorder.record(
				owner,
				'Warning',
				'FailedCreate',
				tell?.failed(name ?? '', error.message) ?? `Error creating: ${error.message}`,
			);
		}
		throw error;
	}
}

export function deletePod(
	client: ClusterClient,
	recorder: EventRecorder,
	owner: KubeObject,
	pod: Pod,
	message?: string,
): void {
	const { namespace = '', name, uid = '' } = pod.metadata;
	client.delete('pods', namespace, name, { uid });
	recorder.record(owner, 'Normal', 'SuccessfulDelete', message ?? `Deleted pod: ${name}`);
}

/** Neither done nor on its way out. */
export function isActive(pod: Pod): boolean {
	return !isTerminalPhase(pod.status.phase) && pod.metadata.deletionTimestamp === undefined;
}

export function isReady(pod: Pod): boolean {
	return findReady(pod)?.status === 'True';
}

/** Milliseconds until a ready Pod counts as available; 0: it does; null: it is not ready. */
export function findTimeToAvailable(pod: Pod, minReadySeconds: number, now: Date): number | null {
	const ready = findReady(pod);
	if (ready?.status !== 'True') return null;
	const since = Date.parse(ready.lastTransitionTime ?? '') || 0;
	return Math.max(0, since + minReadySeconds * 1000 - now.getTime());
}

export function readySince(pod: Pod): number {
	return Date.parse(findReady(pod)?.lastTransitionTime ?? '') || 0;
}

function findReady({ status }: Pod) {
	return status.conditions?.find(({ type }) => type === 'Ready');
}

/** Without what is zero, as Go's `omitempty` leaves it out. */
export function omitZeros<T extends Record<string, unknown>>(counts: T): Partial<T> {
	return Object.fromEntries(
		Object.entries(counts).filter(([, value]) => value !== 0 && value !== undefined),
	) as Partial<T>;
}

export function writeStatus(client: ClusterClient, type: string, object: KubeObject, status: object): void {
	client.update(
		type,
		object.metadata.namespace ?? '',
		object.metadata.name,
		(stored) => {
			const isOther = stored.metadata.uid !== object.metadata.uid;
			return isOther || isEqual(stored.status, status) ? stored : { ...stored, status };
		},
		{ subresource: 'status' },
	);
}
