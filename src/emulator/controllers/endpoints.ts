/** Services with a selector: the addresses of their Pods, as Endpoints and as EndpointSlices. */

import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '../cluster-client.ts';
import type { Pod } from '../kubelet/pod.ts';
import type { KubeObject } from '../object.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { describeAddress, type Group, groupPods, hasEndpoints, isSelected, type Service } from './endpoint-groups.ts';
import { type Key, keyOf, type Loop, referTo, startLoop } from './reconcile.ts';
import { isReady } from './workload.ts';

const slices = 'endpointslices.discovery.k8s.io';
const changeTime = 'endpoints.kubernetes.io/last-change-trigger-time';
const serviceName = 'kubernetes.io/service-name';

export function startEndpoints(client: ClusterClient, clock: TimerClock): Loop {
	return startLoop({
		client,
		clock,
		types: ['services', 'pods'],
		findKeys: (object) => (object.kind === 'Service' ? [keyOf(object)] : findServices(client, object as Pod)),
		reconcile(key) {
			const service = client.get<Service>('services', key.namespace, key.name);
			if (service === null) return forget(client, key);
			if (service.metadata.deletionTimestamp || !hasEndpoints(service)) return;
			const groups = groupPods(client, service);
			writeEndpoints(client, clock, service, groups);
			writeSlices(client, clock, service, groups);
		},
	});
}

function findServices(client: ClusterClient, { metadata }: Pod): Key[] {
	return client
		.list<Service>('services', metadata.namespace ?? '')
		.filter((service) => hasEndpoints(service) && isSelected(service, metadata))
		.map(keyOf);
}

/** EndpointSlices are owned by their Service, and go with it. */
function forget(client: ClusterClient, { namespace, name }: Key): void {
	if (client.get('endpoints', namespace, name) !== null) client.delete('endpoints', namespace, name);
}

function writeEndpoints(client: ClusterClient, clock: TimerClock, service: Service, groups: readonly Group[]): void {
	const { namespace = '', name } = service.metadata;
	const labels = labelsOf(service, { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
	const subsets = groups.flatMap(({ ports, pods }) => {
		const present = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
		const isShown = (pod: Pod) => service.spec.publishNotReadyAddresses === true || isReady(pod);
		const addresses = present.filter(isShown).map(describeAddress);
		const notReadyAddresses = present.filter((pod) => !isShown(pod)).map(describeAddress);
		if (present.length === 0) return [];
		return {
			...(addresses.length > 0 && { addresses }),
			...(notReadyAddresses.length > 0 && { notReadyAddresses }),
			...(ports.length > 0 && { ports }),
		};
	});
	const part = subsets.length > 0 ? { subsets } : {};
	const metadata = { name, namespace, labels, annotations: { [changeTime]: formatTime(clock.now()) } };
	if (client.get('endpoints', namespace, name) === null) {
		client.create('endpoints', namespace, { apiVersion: 'v1', kind: 'Endpoints', metadata, ...part });
		return;
	}
	client.update('endpoints', namespace, name, (stored) => {
		if (isDeepStrictEqual([stored.subsets, stored.metadata.labels], [part.subsets, labels])) return stored;
		const { subsets: _subsets, ...rest } = stored;
		return { ...rest, metadata: { ...rest.metadata, ...metadata }, ...part } as KubeObject;
	});
}

function writeSlices(client: ClusterClient, clock: TimerClock, service: Service, groups: readonly Group[]): void {
	const { namespace = '', name } = service.metadata;
	const labels = labelsOf(service, {
		'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
		[serviceName]: name,
	});
	const annotations = { [changeTime]: formatTime(clock.now()) };
	const isOwn = ({ metadata }: KubeObject) => metadata.ownerReferences?.some(({ uid }) => uid === service.metadata.uid);
	const known = client.list(slices, namespace, `${serviceName}=${name}`).filter(isOwn);
	// A Service that reaches nothing has an empty one.
	const wanted = groups.length > 0 ? groups : [{ ports: [], pods: [] }];
	for (const [index, group] of wanted.entries()) {
		const said = describeSlice(service, group);
		const stored = known[index];
		if (stored === undefined) {
			const metadata = {
				generateName: `${name}-`,
				namespace,
				labels,
				annotations,
				ownerReferences: [referTo(service)],
			};
			client.create(slices, namespace, {
				apiVersion: 'discovery.k8s.io/v1',
				kind: 'EndpointSlice',
				metadata,
				addressType: 'IPv4',
				...said,
			});
			continue;
		}
		const { endpoints, ports } = stored;
		if (
			isDeepStrictEqual(
				[endpoints ?? null, ports ?? null, stored.metadata.labels],
				[said.endpoints, said.ports, labels],
			)
		)
			continue;
		client.update(slices, namespace, stored.metadata.name, (object) => ({
			...object,
			...said,
			metadata: { ...object.metadata, labels, annotations },
		}));
	}
	for (const { metadata } of known.slice(wanted.length)) client.delete(slices, namespace, metadata.name);
}

function describeSlice({ spec }: Service, { ports, pods }: Group) {
	const endpoints = pods.map((pod) => {
		const { ip, ...address } = describeAddress(pod);
		const isEnding = pod.metadata.deletionTimestamp !== undefined;
		const serving = isReady(pod);
		const ready = spec.publishNotReadyAddresses === true || (serving && !isEnding);
		return { addresses: [ip], conditions: { ready, serving, terminating: isEnding }, ...address };
	});
	return { endpoints: endpoints.length > 0 ? endpoints : null, ports: ports.length > 0 ? ports : null };
}

function labelsOf({ metadata, spec }: Service, own: Record<string, string>): Record<string, string> {
	return { ...metadata.labels, ...own, ...(spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }) };
}
