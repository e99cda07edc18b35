/** Namespaces: what each one has from the start, and how one goes with all that is in it. */

import type { ClusterClient } from '../cluster-client.ts';
import { listCustomTypes } from '../custom/types.ts';
import type { KubeObject } from '../object.ts';
import { nameType, type TypeName } from '../resource-type.ts';
import { resourceTypes } from '../schema/index.ts';
import { StatusError } from '../status-error.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { keyOf, type Loop, startLoop } from './reconcile.ts';

const caDescription =
	'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Milliseconds until it is looked again whether all is gone. */
const patience = 1000;

export function startNamespaces(client: ClusterClient, clock: TimerClock, rootCertificate: string): Loop {
	return startLoop({
		client,
		clock,
		types: ['namespaces', 'serviceaccounts', 'configmaps', 'pods'],
		findKeys: (object, change) => {
			if (object.kind === 'Namespace') return [keyOf(object)];
			// Others matter only by going: a default account is made anew, and a namespace waits for its last Pod.
			return change?.type === 'DELETED' ? [{ namespace: '', name: object.metadata.namespace ?? '' }] : [];
		},
		reconcile(key, loop) {
			const namespace = client.get('namespaces', '', key.name);
			if (namespace === null) return;
			if (namespace.metadata.deletionTimestamp === undefined) furnish(client, key.name, rootCertificate);
			else if (!empty(client, clock, namespace)) loop.enqueue(key, patience);
		},
	});
}

function furnish(client: ClusterClient, namespace: string, rootCertificate: string): void {
	makeUnlessThere(client, 'serviceaccounts', namespace, {
		apiVersion: 'v1',
		kind: 'ServiceAccount',
		metadata: { name: 'default' },
	});
	makeUnlessThere(client, 'configmaps', namespace, {
		apiVersion: 'v1',
		kind: 'ConfigMap',
		metadata: { name: 'kube-root-ca.crt', annotations: { 'kubernetes.io/description': caDescription } },
		data: { 'ca.crt': rootCertificate },
	});
}

function makeUnlessThere(client: ClusterClient, type: TypeName, namespace: string, object: KubeObject): void {
	if (client.get(type, namespace, object.metadata.name) === null) client.create(type, namespace, object);
}

/** Whether the namespace itself could be let go. */
function empty(client: ClusterClient, clock: TimerClock, namespace: KubeObject): boolean {
	const { name } = namespace.metadata;
	const types = new Set(
		[...resourceTypes(), ...listCustomTypes(client)]
			.filter(({ isNamespaced, verbs }) => isNamespaced && verbs.includes('delete'))
			.map(nameType),
	);
	for (const type of types) {
		for (const { metadata } of client.list(type, name)) {
			if (metadata.deletionTimestamp === undefined) remove(client, type, name, metadata.name);
		}
	}
	const left = [...types].flatMap((type) => client.list(type, name).map((object) => ({ type, object })));
	tell(client, clock, namespace, left);
	if (left.length > 0) return false;
	client.update(
		'namespaces',
		'',
		name,
		(stored) => ({ ...stored, spec: { ...(stored.spec as object), finalizers: [] } }),
		{ subresource: 'finalize' },
	);
	const stored = client.get('namespaces', '', name);
	if (stored !== null) client.delete('namespaces', '', name);
	return true;
}

function remove(client: ClusterClient, type: TypeName, namespace: string, name: string): void {
	try {
		client.delete(type, namespace, name, { propagationPolicy: 'Background' });
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
	}
}

function tell(
	client: ClusterClient,
	clock: TimerClock,
	{ metadata: { name } }: KubeObject,
	left: { type: TypeName; object: KubeObject }[],
): void {
	const remaining = count(left.map(({ type }) => type)).map(
		([type, number]) => `${type.includes('.') ? type : `${type}.`} has ${number} resource instances`,
	);
	const finalizers = count(left.flatMap(({ object }) => object.metadata.finalizers ?? [])).map(
		([finalizer, number]) => `${finalizer} in ${number} resource instances`,
	);
	const findings = [
		['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'],
		[
			'NamespaceDeletionGroupVersionParsingFailure',
			'False',
			'ParsedGroupVersions',
			'All legacy kube types successfully parsed',
		],
		[
			'NamespaceDeletionContentFailure',
			'False',
			'ContentDeleted',
			'All content successfully deleted, may be waiting on finalization',
		],
		remaining.length === 0
			? ['NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed']
			: [
					'NamespaceContentRemaining',
					'True',
					'SomeResourcesRemain',
					`Some resources are remaining: ${remaining.join(', ')}`,
				],
		finalizers.length === 0
			? [
					'NamespaceFinalizersRemaining',
					'False',
					'ContentHasNoFinalizers',
					'All content-preserving finalizers finished',
				]
			: [
					'NamespaceFinalizersRemaining',
					'True',
					'SomeFinalizersRemain',
					`Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
				],
	] as const;
	client.update(
		'namespaces',
		'',
		name,
		(stored) => {
			const status = (stored.status ?? {}) as {
				conditions?: { type: string; status: string; lastTransitionTime: string }[];
			};
			const conditions = findings.map(([type, state, reason, message]) => {
				const before = status.conditions?.find((condition) => condition.type === type && condition.status === state);
				return {
					lastTransitionTime: before?.lastTransitionTime ?? formatTime(clock.now()),
					message,
					reason,
					status: state,
					type,
				};
			});
			return { ...stored, status: { ...status, phase: 'Terminating', conditions } };
		},
		{ subresource: 'status' },
	);
}

function count(names: readonly string[]): [name: string, count: number][] {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}
