/** Defaults of Pods and of all that is in a Pod template (pkg/apis/core/v1/defaults.go). */

import { InvalidReferenceError, parseReference } from '../../../oci/reference.ts';
import { type Defaulting, type Struct, setAbsent } from './struct.ts';

export const podDefaults: Readonly<Record<string, Defaulting>> = {
	Pod: fillPod,
	PodSpec: fillPodSpec,
	PodStatus: fillPodStatus,
	Container: fillContainer,
	EphemeralContainer: fillContainer,
	Volume: fillVolume,
	Probe: (probe) =>
		setAbsent(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
	HTTPGetAction: (action) => setAbsent(action, { path: '/', scheme: 'HTTP' }),
	SecretVolumeSource: fillMode,
	ConfigMapVolumeSource: fillMode,
	DownwardAPIVolumeSource: fillMode,
	ProjectedVolumeSource: fillMode,
	ServiceAccountTokenProjection: (projection) => setAbsent(projection, { expirationSeconds: 3600 }),
	HostPathVolumeSource: (source) => setAbsent(source, { type: '' }),
	ObjectFieldSelector: (selector) => setAbsent(selector, { apiVersion: 'v1' }),
	PersistentVolumeClaimSpec: (spec) => setAbsent(spec, { volumeMode: 'Filesystem' }),
};

function fillPod({ spec }: Struct): void {
	for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
		if (resources.limits) resources.requests = { ...resources.limits, ...resources.requests };
	}
	setAbsent(spec, { enableServiceLinks: true });
	if (spec.hostNetwork) fillHostPorts(spec);
}

function fillHostPorts(spec: Struct): void {
	for (const { ports = [] } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
		for (const port of ports) setAbsent(port, { hostPort: port.containerPort });
	}
}

function fillPodSpec(spec: Struct): void {
	setAbsent(spec, {
		dnsPolicy: 'ClusterFirst',
		restartPolicy: 'Always',
		securityContext: {},
		terminationGracePeriodSeconds: 30,
		schedulerName: 'default-scheduler',
	});
	// The older name of the field is written beside the newer one, whichever was given.
	const account = spec['serviceAccountName'] ?? spec['serviceAccount'];
	if (account !== undefined) Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
}

function fillPodStatus(status: Struct): void {
	if (status['podIP'] !== undefined) setAbsent(status, { podIPs: [{ ip: status['podIP'] }] });
}

function fillContainer(container: Struct): void {
	setAbsent(container, {
		imagePullPolicy: pullPolicyOf(container['image'] ?? ''),
		terminationMessagePath: '/dev/termination-log',
		terminationMessagePolicy: 'File',
	});
}

/** `Always` where the image's tag is `latest`, or where it has neither tag nor digest; what cannot be read has no tag. */
export function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
	try {
		return parseReference(image).tag === 'latest' ? 'Always' : 'IfNotPresent';
	} catch (error) {
		if (!(error instanceof InvalidReferenceError)) throw error;
		return 'IfNotPresent';
	}
}

function fillVolume(volume: Struct): void {
	if (Object.keys(volume).every((name) => name === 'name')) volume['emptyDir'] = {};
	if (volume['image']) setAbsent(volume['image'], { pullPolicy: pullPolicyOf(volume['image'].reference ?? '') });
}

function fillMode(source: Struct): void {
	setAbsent(source, { defaultMode: 0o644 });
}
