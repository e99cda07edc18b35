/** What the API server warns of in a Pod or a template, though it accepts it (kubernetes pkg/api/pod/warnings.go). */

import type { KubeObject } from '../object.ts';
import type { Container, ContainerPort, Pod, PodSpec, PodTemplate, Quantities } from '../pod.ts';
import { quote } from './field-error.ts';
import { checkDnsLabel } from './formats.ts';
import { hasLeadingZeros } from './ip.ts';
import { listContainers } from './pod-spec.ts';
import { isWhole } from './quantity.ts';

const deprecatedLabels: Readonly<Record<string, string>> = {
	'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
	'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
	'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
	'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
	'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
};
const deprecatedAnnotations: Readonly<Record<string, string>> = {
	'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
	'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
	'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const deprecatedVolumes: Readonly<Record<string, string>> = {
	photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
	gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
	scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
	flocker: 'deprecated in v1.22, non-functional in v1.25+',
	storageos: 'deprecated in v1.22, non-functional in v1.25+',
	quobyte: 'deprecated in v1.22, non-functional in v1.25+',
	glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
	cephfs: 'deprecated in v1.28, non-functional in v1.31+',
	rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

export function warnOfPod(object: KubeObject, old: KubeObject | undefined): string[] {
	const { metadata, spec } = object as Pod;
	const ofName = old ? [] : warnOfName(metadata.name, "this is used in the Pod's hostname");
	return [...ofName, ...findWarnings(spec, metadata.annotations ?? {}, '')];
}

/** A new object whose Pods are named after it. */
function warnOfName(name: string, use: string): string[] {
	const faults = checkDnsLabel(name);
	if (faults.length === 0) return [];
	const advice = 'which can result in surprising behavior; a DNS label is recommended';
	return [`metadata.name: ${use}, ${advice}: [${faults.join(' ')}]`];
}

/** For a workload whose template did not change nothing is said again. */
export function warnOfTemplate(
	templateOf: (object: KubeObject) => PodTemplate | undefined,
	path: string,
	namesPods = false,
) {
	return (object: KubeObject, old: KubeObject | undefined): string[] => {
		const isNamed = old === undefined && namesPods;
		const ofName = isNamed ? warnOfName(object.metadata.name, 'this is used in Pod names and hostnames') : [];
		const template = templateOf(object);
		const isChanged = old === undefined || old.metadata.generation !== object.metadata.generation;
		if (!template?.spec || !isChanged) return ofName;
		return [...ofName, ...findWarnings(template.spec, template.metadata?.annotations ?? {}, `${path}.`)];
	};
}

function* findWarnings(spec: PodSpec, annotations: Record<string, string>, prefix: string): Generator<string> {
	const path = `${prefix}spec`;
	for (const name of Object.keys(spec.nodeSelector ?? {}))
		if (deprecatedLabels[name]) yield `${path}.nodeSelector[${name}]: ${deprecatedLabels[name]}`;
	for (const [index, { topologyKey = '', labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
		const field = `${path}.topologySpreadConstraints[${index}]`;
		const text = deprecatedLabels[topologyKey];
		if (text) yield `${field}.topologyKey: ${topologyKey} is ${text}`;
		if (!labelSelector) yield `${field}.labelSelector: a null labelSelector results in matching no pod`;
	}
	for (const [name, text] of Object.entries(deprecatedAnnotations))
		if (annotations[name] !== undefined) yield `${prefix}metadata.annotations[${name}]: ${text}`;
	for (const [index, volume] of (spec.volumes ?? []).entries())
		for (const [source, text] of Object.entries(deprecatedVolumes))
			if (volume[source]) yield `${path}.volumes[${index}].${source === 'storageos' ? 'storageOS' : source}: ${text}`;
	yield* warnOfRepeats(spec, path);
	yield* warnOfFractions(spec.overhead, `${path}.overhead`);
	for (const { container, path: field } of listContainers(spec, path)) {
		yield* warnOfFractions(container.resources?.limits, `${field}.resources.limits`, container.resources?.requests);
		yield* warnOfHiddenVariables(container, field);
	}
	yield* warnOfPorts(spec, path);
	if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
		yield `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`;
	yield* warnOfSelectors(spec, path);
	for (const [index, address] of (spec.dnsConfig?.nameservers ?? []).entries())
		yield* warnOfAddress(address, `${path}.dnsConfig.nameservers[${index}]`);
	for (const [index, { ip = '' }] of (spec.hostAliases ?? []).entries())
		yield* warnOfAddress(ip, `${path}.hostAliases[${index}].ip`);
}

function* warnOfRepeats(spec: PodSpec, path: string): Generator<string> {
	const addresses = (spec.hostAliases ?? []).map(({ ip = '' }) => ip);
	for (const [index, ip] of addresses.entries())
		if (addresses.indexOf(ip) < index) yield `${path}.hostAliases[${index}].ip: duplicate ip ${quote(ip)}`;
	const names = (spec.imagePullSecrets ?? []).map(({ name = '' }) => name);
	for (const [index, name] of names.entries())
		if (names.indexOf(name) < index) yield `${path}.imagePullSecrets[${index}].name: duplicate name ${quote(name)}`;
	for (const [index, name] of names.entries())
		if (name === '') yield `${path}.imagePullSecrets[${index}].name: invalid empty name ""`;
}

function* warnOfFractions(limits: Quantities = {}, path: string, requests: Quantities = {}): Generator<string> {
	for (const name of ['memory', 'ephemeral-storage'])
		for (const [quantities, field] of [
			[limits, path],
			[requests, path.replace(/limits$/, 'requests')],
		] as const) {
			const value = quantities[name];
			if (value !== undefined && !isWhole(value))
				yield `${field}[${name}]: fractional byte value ${quote(value)} is invalid, must be an integer`;
		}
}

function* warnOfHiddenVariables({ env = [] }: Container, path: string): Generator<string> {
	const names = new Set<string>();
	for (const [index, { name = '', value = '', valueFrom }] of env.entries()) {
		const reference = `$(${name})`;
		if (names.has(name) && (valueFrom || value === reference || !value.includes(reference)))
			yield `${path}.env[${index}]: hides previous definition of ${quote(name)}, which may be dropped when using apply`;
		names.add(name);
	}
}

function* warnOfPorts(spec: PodSpec, path: string): Generator<string> {
	const known: { port: ContainerPort; field: string }[] = [];
	for (const { container, path: owner } of listContainers(spec, path))
		for (const [index, port] of (container.ports ?? []).entries()) {
			const field = `${owner}.ports[${index}]`;
			for (const other of known)
				if (other.port.containerPort === port.containerPort && other.port.protocol === port.protocol)
					yield* comparePorts(port, other.port, `${field}: `, other.field);
			known.push({ port, field });
		}
	const names = new Map<string, string>();
	for (const { port, field } of known) {
		if (!port.name) continue;
		const other = names.get(port.name);
		if (other === undefined) names.set(port.name, field);
		else
			yield `${field}: duplicate port name ${quote(port.name)} with ${other}, services and probes that select ports by name will use ${other}`;
	}
}

function* comparePorts(
	port: ContainerPort,
	other: ContainerPort,
	field: string,
	otherField: string,
): Generator<string> {
	const [hostPort, otherPort] = [port.hostPort ?? 0, other.hostPort ?? 0];
	const [address, otherAddress] = [port.hostIP ?? '', other.hostIP ?? ''];
	if (address === otherAddress && hostPort === otherPort) yield `${field}duplicate port definition with ${otherField}`;
	else if (hostPort === 0 || otherPort === 0) yield `${field}overlapping port definition with ${otherField}`;
	else if (hostPort === otherPort && (address === '') !== (otherAddress === ''))
		yield `${field}dangerously ambiguous port definition with ${otherField}`;
}

function* warnOfSelectors({ affinity = {} }: PodSpec, path: string): Generator<string> {
	const text = 'a null labelSelector results in matching no pod';
	for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
		const field = `${path}.affinity.${kind}`;
		const hard = affinity[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
		for (const [index, { labelSelector }] of hard.entries())
			if (!labelSelector)
				yield `${field}.requiredDuringSchedulingIgnoredDuringExecution[${index}].labelSelector: ${text}`;
		const soft = affinity[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
		for (const [index, { podAffinityTerm }] of soft.entries())
			if (!podAffinityTerm?.labelSelector)
				yield `${field}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm.labelSelector: ${text}`;
	}
}

function* warnOfAddress(address: string, path: string): Generator<string> {
	if (hasLeadingZeros(address))
		yield `${path}: non-standard IP address ${quote(address)} will be considered invalid in a future Kubernetes release: use ${quote(address.split('.').map(Number).join('.'))}`;
}
