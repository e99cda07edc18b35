/**
 * Binds claims to the volumes that somebody has made (kubernetes pkg/controller/volume/persistentvolume). Nothing makes
 * volumes here: a claim of a class waits for its provisioner, as on a cluster where that has not been installed.
 */

import type { ClusterClient } from '../cluster-client.ts';
import { selects } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import type { TimerClock } from '../timers.ts';
import { toNanos } from '../validation/quantity.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { type Key, keyOf, type Loop, startLoop } from './reconcile.ts';
import { type Claim, claimType, classType, findClass, isPatient } from './volume-claims.ts';
import { writeStatus } from './workload.ts';

const volumeType = 'persistentvolumes';
const boundByController = 'pv.kubernetes.io/bound-by-controller';
const bindCompleted = 'pv.kubernetes.io/bind-completed';
/** Milliseconds until a claim that has no volume is looked at again, and told so again. */
const patience = 15_000;

interface Volume extends KubeObject {
	spec: {
		accessModes?: string[];
		capacity?: Record<string, string>;
		claimRef?: { namespace?: string; name?: string; uid?: string; [field: string]: unknown };
		storageClassName?: string;
		volumeMode?: string;
	};
	status?: { phase?: string; [field: string]: unknown };
}

interface Binder {
	client: ClusterClient;
	recorder: EventRecorder;
}

export function startPersistentVolumes(client: ClusterClient, clock: TimerClock): Loop {
	const binder: Binder = {
		client,
		recorder: createEventRecorder(client, clock, { component: 'persistentvolume-controller' }),
	};
	return startLoop({
		client,
		clock,
		types: [volumeType, claimType, classType],
		findKeys: (object) => findAffected(client, object),
		reconcile(key, loop) {
			if (key.namespace === '') syncVolume(binder, key.name);
			else if (!syncClaim(binder, key)) loop.enqueue(key, patience);
		},
	});
}

/** A volume may be the one that a claim waits for, or has lost, and a class may become the claim's. */
function findAffected(client: ClusterClient, object: KubeObject): Key[] {
	if (object.kind === 'PersistentVolumeClaim') {
		const volumes = client.list<Volume>(volumeType, null).filter(({ spec }) => isFor(spec, object));
		return [keyOf(object), ...volumes.map(keyOf)];
	}
	const { name } = object.metadata;
	const isVolume = object.kind === 'PersistentVolume';
	const claims = client
		.list<Claim>(claimType, null)
		.filter(({ spec, status }) => status?.phase !== 'Bound' || (isVolume && spec.volumeName === name));
	return [...(isVolume ? [keyOf(object)] : []), ...claims.map(keyOf)];
}

/** Whether it has been bound to the claim, or is kept for it. */
function isFor({ claimRef }: Volume['spec'], { metadata }: KubeObject): boolean {
	return (
		claimRef?.name === metadata.name &&
		claimRef.namespace === metadata.namespace &&
		(!claimRef.uid || claimRef.uid === metadata.uid)
	);
}

function syncVolume({ client }: Binder, name: string): void {
	const volume = client.get<Volume>(volumeType, '', name);
	if (volume === null) return;
	const setPhase = (phase: string) => {
		if (volume.status?.phase !== phase) writeStatus(client, volumeType, volume, { ...volume.status, phase });
	};
	const { claimRef } = volume.spec;
	if (!claimRef?.uid) {
		setPhase('Available');
		return;
	}
	const claim = client.get<Claim>(claimType, claimRef.namespace ?? '', claimRef.name ?? '');
	if (claim?.metadata.uid !== claimRef.uid) setPhase('Released');
	else if (claim.spec.volumeName === name) setPhase('Bound');
}

/** False: it has to be looked at again later. */
function syncClaim(binder: Binder, { namespace, name }: Key): boolean {
	const { client, recorder } = binder;
	const claim = client.get<Claim>(claimType, namespace, name);
	if (claim === null) return true;
	const { volumeName } = claim.spec;
	const volume = volumeName ? client.get<Volume>(volumeType, '', volumeName) : null;
	if (claim.metadata.annotations?.[bindCompleted] !== undefined) {
		if (volume !== null && isFor(volume.spec, claim)) bind(client, volume, claim);
		else lose(binder, claim);
		return true;
	}
	if (volumeName) {
		if (volume === null || (volume.spec.claimRef && !isFor(volume.spec, claim))) return false;
		bind(client, volume, claim);
		return true;
	}
	const best = findVolume(client, claim);
	if (best !== null) {
		bind(client, best, claim);
		return true;
	}
	if (claim.metadata.deletionTimestamp === undefined) {
		const [type, reason, message] = describeWait(client, claim);
		recorder.record(claim, type, reason, message);
	}
	return false;
}

function lose({ client, recorder }: Binder, claim: Claim): void {
	if (claim.status?.phase === 'Lost') return;
	writeStatus(client, claimType, claim, { phase: 'Lost' });
	const what = claim.spec.volumeName ? 'its PersistentVolume' : 'reference to PersistentVolume';
	recorder.record(claim, 'Warning', 'ClaimLost', `Bound claim has lost ${what}. Data on the volume is lost!`);
}

/** Of those that are large enough the one that is kept for it, or else the smallest. */
function findVolume(client: ClusterClient, claim: Claim): Volume | null {
	const { accessModes = [], resources, selector, storageClassName = '', volumeMode = 'Filesystem' } = claim.spec;
	const wanted = toNanos(resources?.requests?.storage);
	const sizeOf = ({ spec }: Volume) => toNanos(spec.capacity?.['storage']);
	const fitting = client.list<Volume>(volumeType, null).filter((volume) => {
		const { spec, metadata } = volume;
		const modes = spec.accessModes ?? [];
		return (
			metadata.deletionTimestamp === undefined &&
			(spec.volumeMode ?? 'Filesystem') === volumeMode &&
			(spec.storageClassName ?? '') === storageClassName &&
			sizeOf(volume) >= wanted &&
			accessModes.every((mode) => modes.includes(mode))
		);
	});
	const kept = fitting.find(({ spec }) => isFor(spec, claim));
	if (kept !== undefined) return kept;
	if (isPatient(findClass(client, claim))) return null;
	const [smallest] = fitting
		.filter(({ spec, status }) => spec.claimRef === undefined && status?.phase === 'Available')
		.filter(({ metadata }) => selector === undefined || selects(selector, metadata.labels))
		.sort((one, other) => Number(sizeOf(one) - sizeOf(other)));
	return smallest ?? null;
}

function describeWait(client: ClusterClient, claim: Claim): ['Normal' | 'Warning', string, string] {
	const { storageClassName } = claim.spec;
	const known = findClass(client, claim);
	if (isPatient(known))
		return ['Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding'];
	if (!storageClassName) {
		const message = 'no persistent volumes available for this claim and no storage class is set';
		return ['Normal', 'FailedBinding', message];
	}
	if (known === null)
		return ['Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${storageClassName}" not found`];
	const who = `either by the external provisioner '${known.provisioner}' or manually by the system administrator`;
	const advice = 'please verify that the provisioner is running and correctly registered';
	return [
		'Normal',
		'ExternalProvisioning',
		`Waiting for a volume to be created ${who}. If volume creation is delayed, ${advice}.`,
	];
}

/** Each of the two is told of the other; what has been said already is not said again. */
function bind(client: ClusterClient, volume: Volume, claim: Claim): void {
	const { namespace = '', name } = claim.metadata;
	if (!volume.spec.claimRef?.uid) {
		const { uid = '', resourceVersion } = claim.metadata;
		const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion };
		client.update<Volume>(volumeType, '', volume.metadata.name, (stored) => ({
			...(stored.spec.claimRef ? stored : annotate(stored, { [boundByController]: 'yes' })),
			spec: { ...stored.spec, claimRef },
		}));
	}
	if (claim.metadata.annotations?.[bindCompleted] === undefined) {
		const isOurs = !claim.spec.volumeName;
		client.update<Claim>(claimType, namespace, name, (stored) => ({
			...annotate(stored, { [bindCompleted]: 'yes', ...(isOurs && { [boundByController]: 'yes' }) }),
			spec: { ...stored.spec, volumeName: volume.metadata.name },
		}));
	}
	const { accessModes = [], capacity = {} } = volume.spec;
	writeStatus(client, claimType, claim, { phase: 'Bound', accessModes, capacity });
}

function annotate<T extends KubeObject>(object: T, annotations: Record<string, string>): T {
	return {
		...object,
		metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
	};
}
