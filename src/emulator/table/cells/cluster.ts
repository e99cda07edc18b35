/** Rows of what is around Pods: nodes, accounts, storage, policies. */

import { formatAge } from '../age.ts';
import { ageOf, formatSelector, type Loose, type Printer } from './printer.ts';

export const clusterPrinters: Readonly<Record<string, Printer>> = {
	Namespace: (object, now) => [object['metadata'].name, object['status']?.phase ?? '', ageOf(object, now)],
	Node: printNode,
	Secret: (object, now) => [object['metadata'].name, object['type'], countKeys(object['data']), ageOf(object, now)],
	ConfigMap: (object, now) => {
		const count = countKeys(object['data']) + countKeys(object['binaryData']);
		return [object['metadata'].name, count, ageOf(object, now)];
	},
	ServiceAccount: printNameAndAge,
	Event: printEvent,
	Lease: (object, now) => [object['metadata'].name, object['spec']?.holderIdentity ?? '', ageOf(object, now)],
	NetworkPolicy: (object, now) => [
		object['metadata'].name,
		formatSelector(object['spec'].podSelector),
		ageOf(object, now),
	],
	StorageClass: printStorageClass,
	PersistentVolume: printVolume,
	PersistentVolumeClaim: printClaim,
	CSINode: (object, now) => [object['metadata'].name, (object['spec'].drivers ?? []).length, ageOf(object, now)],
	PriorityClass: (object, now) => {
		const { metadata, value, globalDefault = false, preemptionPolicy = '' } = object;
		return [metadata.name, value, globalDefault, ageOf(object, now), preemptionPolicy];
	},
	RuntimeClass: (object, now) => [object['metadata'].name, object['handler'], ageOf(object, now)],
	ResourceQuota: printQuota,
	RoleBinding: printBinding,
	ClusterRoleBinding: printBinding,
	ComponentStatus: ({ metadata, conditions = [] }) => {
		const { status, message = '', error = '' } = (conditions as Loose[]).find(({ type }) => type === 'Healthy') ?? {};
		const word = status === undefined ? 'Unknown' : status === 'True' ? 'Healthy' : 'Unhealthy';
		return [metadata.name, word, message, error];
	},
};

function printNameAndAge(object: Loose, now: Date): unknown[] {
	return [object['metadata'].name, ageOf(object, now)];
}

function countKeys(map: object | undefined): number {
	return Object.keys(map ?? {}).length;
}

function printNode(object: Loose, now: Date): unknown[] {
	const { metadata, spec = {}, status = {} } = object;
	const ready = ((status.conditions ?? []) as Loose[]).find(({ type }) => type === 'Ready');
	const words = [ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady'];
	if (spec.unschedulable) words.push('SchedulingDisabled');
	const info = status.nodeInfo ?? {};
	const addressOf = (wanted: string) =>
		((status.addresses ?? []) as Loose[]).find(({ type }) => type === wanted)?.['address'] ?? '<none>';
	return [
		metadata.name,
		words.join(','),
		listRoles(metadata.labels ?? {}).join(',') || '<none>',
		ageOf(object, now),
		info.kubeletVersion ?? '',
		addressOf('InternalIP'),
		addressOf('ExternalIP'),
		info.osImage || '<unknown>',
		info.kernelVersion || '<unknown>',
		info.containerRuntimeVersion || '<unknown>',
	];
}

function listRoles(labels: Record<string, string>): string[] {
	const prefix = 'node-role.kubernetes.io/';
	const roles = Object.entries(labels).flatMap(([name, value]) => {
		if (name.startsWith(prefix)) return name.slice(prefix.length) || [];
		return name === 'kubernetes.io/role' && value !== '' ? value : [];
	});
	return [...new Set(roles)].sort();
}

/** Of both groups: the newer one's fields have other names. */
function printEvent(event: Loose, now: Date): unknown[] {
	const object = event['involvedObject'] ?? event['regarding'] ?? {};
	const source = event['source'] ?? event['deprecatedSource'] ?? {};
	const first = event['firstTimestamp'] ?? event['deprecatedFirstTimestamp'] ?? event['eventTime'];
	const last = event['series']?.lastObservedTime ?? event['lastTimestamp'] ?? event['deprecatedLastTimestamp'] ?? first;
	const count = event['series']?.count ?? (event['count'] || event['deprecatedCount'] || 1);
	const component = source.component || event['reportingComponent'] || event['reportingController'] || '';
	const host = source.host || event['reportingInstance'] || '';
	const kind = (object.kind ?? '').toLowerCase();
	return [
		formatAge(last, now),
		event['type'] ?? '',
		event['reason'] ?? '',
		object.name ? `${kind}/${object.name}` : kind,
		object.fieldPath ?? '',
		host === '' ? component : `${component}, ${host}`,
		(event['message'] ?? event['note'] ?? '').trim(),
		formatAge(first, now),
		count,
		event['metadata'].name,
	];
}

function printStorageClass(object: Loose, now: Date): unknown[] {
	const { metadata, provisioner, reclaimPolicy = 'Delete', volumeBindingMode = 'Immediate' } = object;
	const annotations = metadata.annotations ?? {};
	const isDefault = ['', 'beta.'].some(
		(stage) => annotations[`storageclass.${stage}kubernetes.io/is-default-class`] === 'true',
	);
	const name = `${metadata.name}${isDefault ? ' (default)' : ''}`;
	return [
		name,
		provisioner,
		reclaimPolicy,
		volumeBindingMode,
		object['allowVolumeExpansion'] ?? false,
		ageOf(object, now),
	];
}

function printVolume(object: Loose, now: Date): unknown[] {
	const { metadata, spec, status = {} } = object;
	return [
		metadata.name,
		spec.capacity?.storage ?? '0',
		formatModes(spec.accessModes),
		spec.persistentVolumeReclaimPolicy ?? '',
		metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? ''),
		spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
		spec.storageClassName ?? '',
		spec.volumeAttributesClassName ?? '<unset>',
		status.reason ?? '',
		ageOf(object, now),
		spec.volumeMode ?? '<unset>',
	];
}

function printClaim(object: Loose, now: Date): unknown[] {
	const { metadata, spec, status = {} } = object;
	const isBound = Boolean(spec.volumeName);
	return [
		metadata.name,
		metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? ''),
		spec.volumeName ?? '',
		isBound ? (status.capacity?.storage ?? '0') : '',
		isBound ? formatModes(status.accessModes) : '',
		spec.storageClassName ?? '',
		spec.volumeAttributesClassName ?? '<unset>',
		ageOf(object, now),
		spec.volumeMode ?? '<unset>',
	];
}

const modes: readonly [mode: string, short: string][] = [
	['ReadWriteOnce', 'RWO'],
	['ReadOnlyMany', 'ROX'],
	['ReadWriteMany', 'RWX'],
	['ReadWriteOncePod', 'RWOP'],
];

function formatModes(given: readonly string[] = []): string {
	return modes
		.filter(([mode]) => given.includes(mode))
		.map(([, short]) => short)
		.join(',');
}

function printQuota(object: Loose, now: Date): unknown[] {
	const { hard = {}, used = {} } = object['status'] ?? {};
	const texts = Object.keys(hard)
		.sort()
		.map((name) => ({ isLimit: name.startsWith('limits.'), text: `${name}: ${used[name] ?? '0'}/${hard[name]}` }));
	const join = (limits: boolean) =>
		texts
			.filter(({ isLimit }) => isLimit === limits)
			.map(({ text }) => text)
			.join(', ');
	return [object['metadata'].name, join(false), join(true), ageOf(object, now)];
}

function printBinding(object: Loose, now: Date): unknown[] {
	const { metadata, roleRef, subjects = [] } = object;
	const names = (wanted: string) =>
		(subjects as Loose[])
			.filter(({ kind }) => kind === wanted)
			.map(({ name, namespace }) => (wanted === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
			.join(', ');
	const role = `${roleRef.kind}/${roleRef.name}`;
	return [metadata.name, role, ageOf(object, now), names('User'), names('Group'), names('ServiceAccount')];
}
