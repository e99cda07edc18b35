/** Containers of a Pod: init, regular and ephemeral. */

import type { Container, ContainerPort, PodSpec, Volume, VolumeMount } from '../pod.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { duplicate, type FieldError, forbidden, invalid, notFound, required, unsupported } from './field-error.ts';
import { checkDnsLabel, checkPortName, checkPortNumber } from './formats.ts';
import { validateDescendingPath } from './path.ts';
import { validateLifecycle, validateProbes } from './probe.ts';
import { validatePullPolicy } from './pull-policy.ts';
import { validateResources } from './resources.ts';
import { validateSecurityContext } from './security-context.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];
const restartPolicies = ['Always', 'Never', 'OnFailure'];
const notForInit = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

type Volumes = ReadonlyMap<string, Volume>;

export function* validateContainers(spec: PodSpec, volumes: Volumes, path: string): Generator<FieldError> {
	const containers = spec.containers ?? [];
	if (containers.length === 0) return yield required(path);
	const names = new Set<string>();
	for (const [index, container] of containers.entries()) {
		const field = `${path}[${index}]`;
		yield* validateCommon(container, spec, volumes, field);
		if (names.has(container.name ?? '')) yield duplicate(`${field}.name`, container.name ?? '');
		names.add(container.name ?? '');
		yield* validateRunning(container, spec, field);
		yield* validateRestart(container, field);
	}
	yield* validateHostPorts(containers, path);
}

export function* validateInitContainers(spec: PodSpec, volumes: Volumes, path: string): Generator<FieldError> {
	const names = new Set((spec.containers ?? []).map(({ name }) => name));
	for (const [index, container] of (spec.initContainers ?? []).entries()) {
		const field = `${path}[${index}]`;
		yield* validateCommon(container, spec, volumes, field);
		if (container.restartPolicy !== 'Always') yield* validateRestart(container, field);
		if (names.has(container.name)) yield duplicate(`${field}.name`, container.name);
		else if (container.name) names.add(container.name);
		yield* validateHostPorts([container], path);
		if (container.restartPolicy === 'Always') yield* validateRunning(container, spec, field);
		else
			for (const name of notForInit)
				if (container[name])
					yield forbidden(`${field}.${name}`, 'may not be set for init containers without restartPolicy=Always');
	}
}

export function* validateEphemeralContainers(spec: PodSpec, volumes: Volumes, path: string): Generator<FieldError> {
	const others = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name);
	const names = new Set(others);
	for (const [index, container] of (spec.ephemeralContainers ?? []).entries()) {
		const field = `${path}[${index}]`;
		yield* validateCommon(container, spec, volumes, field);
		yield* validateImageSpace(container, field);
		if (names.has(container.name)) yield duplicate(`${field}.name`, container.name);
		names.add(container.name);
		const target = container.targetContainerName;
		if (target && !others.includes(target)) yield notFound(`${field}.targetContainerName`, target);
		for (const name of ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const)
			if (container[name]) yield forbidden(`${field}.${name}`, 'cannot be set for an Ephemeral Container');
	}
}

/** Asked of Pods, not of templates. */
export function* validateImageSpace({ image = '' }: Container, path: string): Generator<FieldError> {
	if (image !== image.trim()) yield invalid(`${path}.image`, image, 'must not have leading or trailing whitespace');
}

function* validateCommon(container: Container, spec: PodSpec, volumes: Volumes, path: string): Generator<FieldError> {
	if (!container.name) yield required(`${path}.name`);
	else for (const text of checkDnsLabel(container.name)) yield invalid(`${path}.name`, container.name, text);
	if (!container.image) yield required(`${path}.image`);
	yield* validateMessagePolicy(container.terminationMessagePolicy, `${path}.terminationMessagePolicy`);
	yield* validatePorts(container.ports, `${path}.ports`);
	yield* validateEnv(container.env, `${path}.env`);
	yield* validateEnvFrom(container.envFrom, `${path}.envFrom`);
	yield* validateMounts(container, volumes, `${path}.volumeMounts`);
	yield* validateDevices(container, volumes, `${path}.volumeDevices`);
	yield* validatePullPolicy(container.imagePullPolicy, `${path}.imagePullPolicy`);
	yield* validateResources(container.resources, `${path}.resources`);
	yield* validateResizePolicy(container, spec, `${path}.resizePolicy`);
	yield* validateSecurityContext(container.securityContext, `${path}.securityContext`, spec.hostUsers ?? true);
}

/** Of a container that keeps running. */
function* validateRunning(container: Container, spec: PodSpec, path: string): Generator<FieldError> {
	const gracePeriod = spec.terminationGracePeriodSeconds;
	if (container.lifecycle)
		yield* validateLifecycle(container.lifecycle, gracePeriod, `${path}.lifecycle`, spec.os?.name);
	yield* validateProbes(container, gracePeriod, path);
}

function* validateRestart({ restartPolicy, restartPolicyRules = [] }: Container, path: string): Generator<FieldError> {
	if (restartPolicy === undefined) {
		if (restartPolicyRules.length > 0)
			yield required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used');
	} else if (!restartPolicies.includes(restartPolicy))
		yield unsupported(`${path}.restartPolicy`, restartPolicy, restartPolicies);
	for (const [index, { action = '', exitCodes }] of restartPolicyRules.entries()) {
		const field = `${path}.restartPolicyRules[${index}]`;
		if (action !== 'Restart') yield unsupported(`${field}.action`, action, ['Restart']);
		if (!exitCodes) yield required(`${field}.exitCodes`, 'must be specified');
		else if (exitCodes.operator !== 'In' && exitCodes.operator !== 'NotIn')
			yield unsupported(`${field}.exitCodes.operator`, exitCodes.operator, ['In', 'NotIn']);
	}
}

function* validateMessagePolicy(policy: string | undefined, path: string): Generator<FieldError> {
	const policies = ['File', 'FallbackToLogsOnError'];
	if (!policy) yield required(path);
	else if (!policies.includes(policy)) yield unsupported(path, policy, policies);
}

function* validatePorts(ports: ContainerPort[] = [], path: string): Generator<FieldError> {
	const names = new Set<string>();
	for (const [index, { name, containerPort = 0, hostPort = 0, protocol = '' }] of ports.entries()) {
		const field = `${path}[${index}]`;
		if (name) {
			const faults = checkPortName(name);
			for (const text of faults) yield invalid(`${field}.name`, name, text);
			if (faults.length === 0 && names.has(name)) yield duplicate(`${field}.name`, name);
			if (faults.length === 0) names.add(name);
		}
		if (containerPort === 0) yield required(`${field}.containerPort`);
		else
			for (const text of checkPortNumber(containerPort)) yield invalid(`${field}.containerPort`, containerPort, text);
		if (hostPort !== 0)
			for (const text of checkPortNumber(hostPort)) yield invalid(`${field}.hostPort`, hostPort, text);
		if (protocol === '') yield required(`${field}.protocol`);
		else if (!protocols.includes(protocol)) yield unsupported(`${field}.protocol`, protocol, protocols);
	}
}

function* validateHostPorts(containers: readonly Container[], path: string): Generator<FieldError> {
	const taken = new Set<string>();
	for (const [index, { ports = [] }] of containers.entries())
		for (const [portIndex, { hostPort = 0, hostIP = '', protocol = '' }] of ports.entries()) {
			if (hostPort === 0) continue;
			const address = `${protocol}/${hostIP}/${hostPort}`;
			if (taken.has(address)) yield duplicate(`${path}[${index}].ports[${portIndex}].hostPort`, address);
			taken.add(address);
		}
}

function* validateMounts(container: Container, volumes: Volumes, path: string): Generator<FieldError> {
	const taken = new Set<string>();
	const devices = container.volumeDevices ?? [];
	for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
		const field = `${path}[${index}]`;
		const { name = '', mountPath = '', subPath, subPathExpr } = mount;
		if (name === '') yield required(`${field}.name`);
		if (!volumes.has(name)) yield notFound(`${field}.name`, name);
		if (mountPath === '') yield required(`${field}.mountPath`);
		if (taken.has(mountPath)) yield invalid(`${field}.mountPath`, mountPath, 'must be unique');
		taken.add(mountPath);
		if (devices.some((device) => device.name === name))
			yield invalid(`${field}.name`, name, 'must not already exist in volumeDevices');
		if (devices.some((device) => device.devicePath === mountPath))
			yield invalid(`${field}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices');
		if (subPath) yield* validateDescendingPath(subPath, `${path}.subPath`);
		if (subPathExpr) {
			if (subPath) yield invalid(`${field}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive');
			yield* validateDescendingPath(subPathExpr, `${path}.subPathExpr`);
		}
		yield* validatePropagation(mount, container, path);
	}
}

/** Its errors name the list, not the mount: so does the API server. */
function* validatePropagation(mount: VolumeMount, container: Container, path: string): Generator<FieldError> {
	const { mountPropagation: propagation, recursiveReadOnly } = mount;
	const modes = ['Bidirectional', 'HostToContainer', 'None'];
	const field = `${path}.mountPropagation`;
	if (propagation !== undefined && !modes.includes(propagation)) yield unsupported(field, propagation, modes);
	if (propagation === 'Bidirectional' && !container.securityContext?.privileged)
		yield forbidden(field, 'Bidirectional mount propagation is available only to privileged containers');
	if (recursiveReadOnly === undefined || recursiveReadOnly === 'Disabled') return;
	const choices = ['Disabled', 'Enabled', 'IfPossible'];
	if (!choices.includes(recursiveReadOnly))
		return yield unsupported(`${path}.recursiveReadOnly`, recursiveReadOnly, choices);
	if (!mount.readOnly) yield forbidden(`${path}.recursiveReadOnly`, 'may only be specified when readOnly is true');
	if (propagation !== undefined && propagation !== 'None')
		yield forbidden(
			`${path}.recursiveReadOnly`,
			'may only be specified when mountPropagation is None or not specified',
		);
}

function* validateDevices(container: Container, volumes: Volumes, path: string): Generator<FieldError> {
	const mounts = container.volumeMounts ?? [];
	const names = new Set<string>();
	const paths = new Set<string>();
	for (const [index, { name = '', devicePath = '' }] of (container.volumeDevices ?? []).entries()) {
		const field = `${path}[${index}]`;
		const volume = volumes.get(name);
		if (name === '') yield required(`${field}.name`);
		if (names.has(name)) yield invalid(`${field}.name`, name, 'must be unique');
		if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
			yield invalid(
				`${field}.name`,
				name,
				'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
			);
		if (!volume) yield notFound(`${field}.name`, name);
		if (devicePath === '') yield required(`${field}.devicePath`);
		if (paths.has(devicePath)) yield invalid(`${field}.devicePath`, devicePath, 'must be unique');
		if (devicePath.split('/').includes('..'))
			yield invalid(`${field}.devicePath`, devicePath, "can not contain backsteps ('..')");
		else paths.add(devicePath);
		if (mounts.some((mount) => mount.name === name))
			yield invalid(`${field}.name`, name, 'must not already exist in volumeMounts');
		if (mounts.some((mount) => mount.mountPath === devicePath))
			yield invalid(`${field}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts');
		if (name !== '') names.add(name);
	}
}

function* validateResizePolicy({ resizePolicy = [] }: Container, spec: PodSpec, path: string): Generator<FieldError> {
	const seen = new Set<string>();
	for (const [index, { resourceName = '', restartPolicy = '' }] of resizePolicy.entries()) {
		if (seen.has(resourceName)) yield duplicate(`${path}[${index}]`, resourceName);
		seen.add(resourceName);
		if (resourceName === '') yield required(path);
		else if (!['cpu', 'memory'].includes(resourceName)) yield unsupported(path, resourceName, ['cpu', 'memory']);
		const policies = ['NotRequired', 'RestartContainer'];
		if (restartPolicy === '') yield required(path);
		else if (!policies.includes(restartPolicy)) yield unsupported(path, restartPolicy, policies);
		if (spec.restartPolicy === 'Never' && restartPolicy !== 'NotRequired')
			yield invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
	}
}
