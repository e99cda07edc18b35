/** A cluster with a store and no API server: writes are defaulted as far as controllers and kubelet need it. */

import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient, DeleteOptions } from '../../../src/emulator/cluster-client.ts';
import type { Pod } from '../../../src/emulator/kubelet/pod.ts';
import type { KubeObject } from '../../../src/emulator/object.ts';
import { StatusError } from '../../../src/emulator/status-error.ts';
import { MemoryStore } from '../../../src/emulator/store/memory.ts';
import { formatTime } from '../../../src/emulator/time.ts';
import type { TimerClock } from '../../../src/emulator/timers.ts';

const token = 'kube-api-access-xxxxx';

export interface SmallCluster {
	client: ClusterClient;
	/** Refuses new objects of a type with that message, until it is null. */
	refuse(type: string, message: string | null): void;
}

export function createSmallCluster(clock: TimerClock): SmallCluster {
	const store = new MemoryStore();
	const refusals = new Map<string, string>();
	let suffix = 0;

	function complete(type: string, namespace: string, object: KubeObject): KubeObject {
		const { generateName, name = `${generateName}${(suffix++).toString(36).padStart(5, 'b')}` } = object.metadata;
		const full = {
			...object,
			metadata: {
				...object.metadata,
				name,
				...(namespace !== '' && { namespace }),
				uid: randomUUID(),
				creationTimestamp: formatTime(clock.now()),
				generation: 1,
			},
		};
		return type === 'pods' ? completePod(full as unknown as Pod) : full;
	}

	function completePod(pod: Pod): Pod {
		const { serviceAccountName = 'default' } = pod.spec as { serviceAccountName?: string };
		const account = store.get({
			type: 'serviceaccounts',
			namespace: pod.metadata.namespace ?? '',
			name: serviceAccountName,
		});
		const inherited = account?.imagePullSecrets as { name: string }[] | undefined;
		const fill = (container: Pod['spec']['containers'][number]) => ({
			imagePullPolicy: 'IfNotPresent' as const,
			...container,
			volumeMounts: [{ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: token, readOnly: true }],
		});
		return {
			...pod,
			spec: {
				restartPolicy: 'Always',
				terminationGracePeriodSeconds: 30,
				...(inherited && { imagePullSecrets: inherited }),
				...pod.spec,
				containers: pod.spec.containers.map(fill),
				...(pod.spec.initContainers && { initContainers: pod.spec.initContainers.map(fill) }),
			},
			status: { phase: 'Pending', qosClass: 'BestEffort' },
		};
	}

	function bind(namespace: string, binding: KubeObject): KubeObject {
		const key = { type: 'pods', namespace, name: binding.metadata.name };
		const pod = store.get(key) as Pod;
		const scheduled = {
			lastProbeTime: null,
			lastTransitionTime: formatTime(clock.now()),
			status: 'True' as const,
			type: 'PodScheduled',
		};
		const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
		const { name: nodeName } = binding.target as { name: string };
		return store.write(key, {
			...pod,
			spec: { ...pod.spec, nodeName },
			status: { ...pod.status, conditions: [...others, scheduled] },
		});
	}

	function remove(
		type: string,
		namespace: string,
		name: string,
		{ gracePeriodSeconds, propagationPolicy, uid }: DeleteOptions,
	): void {
		const key = { type, namespace, name };
		const object = store.get(key);
		if (object === null || (uid !== undefined && object.metadata.uid !== uid))
			throw new StatusError(404, 'NotFound', `${type} "${name}" not found`);
		const { spec, status, metadata } = object as Pod;
		const isLive = type === 'pods' && spec.nodeName && status.phase !== 'Failed' && status.phase !== 'Succeeded';
		const grace = isLive ? (gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30) : 0;
		const extra =
			propagationPolicy === 'Foreground' ? ['foregroundDeletion'] : propagationPolicy === 'Orphan' ? ['orphan'] : [];
		const finalizers = [...(metadata.finalizers ?? []), ...extra];
		const held =
			finalizers.length > 0 || (type === 'namespaces' && (spec as { finalizers?: string[] })?.finalizers?.length);
		if (grace === 0 && !held) return void store.write(key, null);
		store.write(key, {
			...object,
			...(type === 'namespaces' && { status: { ...status, phase: 'Terminating' } }),
			metadata: {
				...metadata,
				...(finalizers.length > 0 && { finalizers }),
				...(metadata.deletionTimestamp === undefined && { generation: (metadata.generation ?? 0) + 1 }),
				deletionTimestamp: formatTime(new Date(clock.now().getTime() + grace * 1000)),
				deletionGracePeriodSeconds: grace,
			},
		});
	}

	const client: ClusterClient = {
		get: <T extends KubeObject>(type: string, namespace: string, name: string) =>
			store.get({ type, namespace, name }) as T | null,
		list: <T extends KubeObject>(type: string, namespace: string | null) => store.list(type, namespace) as readonly T[],
		create<T extends KubeObject>(type: string, namespace: string, object: object, options?: { subresource?: string }) {
			if (options?.subresource === 'binding') return bind(namespace, object as KubeObject) as T;
			const refusal = refusals.get(type);
			if (refusal !== undefined) throw new StatusError(403, 'Forbidden', refusal);
			const full = complete(type, namespace, object as KubeObject);
			const key = { type, namespace, name: full.metadata.name };
			if (store.get(key) !== null) throw new StatusError(409, 'AlreadyExists', `${type} "${key.name}" already exists`);
			return store.write(key, full) as T;
		},
		update<T extends KubeObject>(type: string, namespace: string, name: string, change: (object: T) => T) {
			const key = { type, namespace, name };
			const stored = store.get(key) as T | null;
			if (stored === null) return null;
			const next = change(stored);
			if (next === stored || isDeepStrictEqual(next, stored)) return stored;
			const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [], generation = 0 } = next.metadata;
			const hasSpecFinalizers = type === 'namespaces' && (next.spec as { finalizers?: string[] }).finalizers?.length;
			const isGone = deletionTimestamp && !deletionGracePeriodSeconds && finalizers.length === 0 && !hasSpecFinalizers;
			if (isGone) return store.write(key, null) as T;
			const isOther = !isDeepStrictEqual(next.spec, stored.spec);
			const metadata = { ...next.metadata, generation: isOther ? generation + 1 : generation };
			return store.write(key, { ...next, metadata }) as T;
		},
		delete: (type, namespace, name, options = {}) => remove(type, namespace, name, options),
		watch: (types, onChange) => store.watch((change) => (types?.includes(change.key.type) ?? true) && onChange(change)),
	};
	return {
		client,
		refuse(type, message) {
			if (message === null) refusals.delete(type);
			else refusals.set(type, message);
		},
	};
}
