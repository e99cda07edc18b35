/** The spec of a Pod or of a template (kubernetes pkg/apis/core/validation, ValidatePodSpec). */

import type { Container, DnsConfig, PodSpec } from '../pod.ts';
import { validateAffinity, validateSpread, validateTolerations } from './affinity.ts';
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './container.ts';
import { validateFileVolumes } from './env.ts';
import { duplicate, type FieldError, forbidden, invalid, required, tooLong, unsupported } from './field-error.ts';
import {
	checkDnsLabel,
	checkDnsSubdomain,
	checkQualifiedName,
	checkUnderscoreSubdomain,
	describeRange,
	type NameRule,
} from './formats.ts';
import { validateIp } from './ip.ts';
import { validateLabels } from './labels.ts';
import { validateResources } from './resources.ts';
import { validatePodSecurityContext } from './security-context.ts';
import { validateVolumes } from './volume.ts';

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const restartPolicies = ['Always', 'OnFailure', 'Never'];

/** `podName`: null within a template, which is held to a little less. */
export function* validatePodSpec(spec: PodSpec, path: string, podName: string | null): Generator<FieldError> {
	if (spec.terminationGracePeriodSeconds === undefined) yield required(`${path}.terminationGracePeriodSeconds`);
	const volumes = yield* validateVolumes(spec.volumes, `${path}.volumes`, podName);
	yield* validateResourceClaims(spec.resourceClaims, `${path}.resourceClaims`);
	yield* validateContainers(spec, volumes, `${path}.containers`);
	yield* validateInitContainers(spec, volumes, `${path}.initContainers`);
	yield* validateEphemeralContainers(spec, volumes, `${path}.ephemeralContainers`);
	if (spec.resources) yield* validateResources(spec.resources, `${path}.resources`, validatePodResourceName);
	if (spec.hostNetwork) yield* validateHostNetwork(spec.containers, `${path}.containers`, podName !== null);
	yield* validateChoice(spec.restartPolicy, restartPolicies, `${path}.restartPolicy`);
	yield* validateChoice(spec.dnsPolicy, dnsPolicies, `${path}.dnsPolicy`);
	yield* validateLabels(spec.nodeSelector, `${path}.nodeSelector`);
	yield* validatePodSecurityContext(spec, `${path}.securityContext`);
	yield* validateAffinity(spec.affinity, `${path}.affinity`);
	yield* validateDnsConfig(spec, `${path}.dnsConfig`);
	yield* validateGates(spec, path);
	yield* validateSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`);
	if (spec.hostUsers === false) yield* validateOwnUsers(spec, path);
	yield* validateHostnameOverride(spec, path);
	yield* validateNames(spec, path);
	if (spec.preemptionPolicy !== undefined)
		yield* validateChoice(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], `${path}.preemptionPolicy`);
	if (spec.overhead) yield* validateResources({ limits: spec.overhead }, `${path}.overhead`);
	yield* validateOs(spec, path);
	const byName = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
	yield* validateFileVolumes(listContainers(spec, path), byName);
}

/** Every container with its path: init, regular, ephemeral. */
export function listContainers(spec: PodSpec, path: string): { container: Container; path: string }[] {
	return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
		(spec[list] ?? []).map((container, index) => ({ container, path: `${path}.${list}[${index}]` })),
	);
}

function* validateChoice(value: string | undefined, choices: string[], path: string): Generator<FieldError> {
	if (!value) yield required(path);
	else if (!choices.includes(value)) yield unsupported(path, value, choices);
}

function* validatePodResourceName(name: string, path: string): Generator<FieldError> {
	if (name !== 'cpu' && name !== 'memory' && !name.startsWith('hugepages-'))
		yield unsupported(path, name, ['cpu', 'hugepages-', 'memory']);
}

function* validateResourceClaims(claims: PodSpec['resourceClaims'] = [], path: string): Generator<FieldError> {
	const names = new Set<string>();
	for (const [index, { name = '' }] of claims.entries()) {
		const field = `${path}[${index}].name`;
		if (name === '') yield required(field);
		else if (names.has(name)) yield duplicate(field, name);
		else for (const text of checkDnsLabel(name)) yield invalid(field, name, text);
		names.add(name);
	}
}

function* validateHostNetwork(containers: Container[], path: string, isPod: boolean): Generator<FieldError> {
	for (const [index, { ports = [] }] of containers.entries())
		for (const [portIndex, { hostPort = 0, containerPort = 0 }] of ports.entries())
			if ((isPod || hostPort !== 0) && hostPort !== containerPort)
				yield invalid(
					`${path}[${index}].ports[${portIndex}].hostPort`,
					hostPort,
					'must match `containerPort` when `hostNetwork` is true',
				);
}

function* validateDnsConfig({ dnsPolicy, dnsConfig }: PodSpec, path: string): Generator<FieldError> {
	if (dnsPolicy === 'None') {
		if (!dnsConfig) return yield required(path, 'must provide `dnsConfig` when `dnsPolicy` is None');
		if (!dnsConfig.nameservers?.length)
			return yield required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None');
	}
	if (dnsConfig) yield* validateDns(dnsConfig, path);
}

function* validateDns(
	{ nameservers = [], searches = [], options = [] }: DnsConfig,
	path: string,
): Generator<FieldError> {
	if (nameservers.length > 3)
		yield invalid(`${path}.nameservers`, nameservers, 'must not have more than 3 nameservers');
	for (const [index, address] of nameservers.entries()) yield* validateIp(address, `${path}.nameservers[${index}]`);
	if (searches.length > 32) yield invalid(`${path}.searches`, searches, 'must not have more than 32 search paths');
	if (searches.join(' ').length > 2048)
		yield invalid(
			`${path}.searches`,
			searches,
			'must not have more than 2048 characters (including spaces) in the search list',
		);
	for (const [index, search] of searches.entries()) {
		const name = search.replace(/\.$/, '');
		if (search !== '.')
			for (const text of checkUnderscoreSubdomain(name)) yield invalid(`${path}.searches[${index}]`, name, text);
	}
	for (const [index, { name }] of options.entries())
		if (!name) yield required(`${path}.options[${index}]`, 'must not be empty');
}

function* validateGates({ readinessGates = [], schedulingGates = [] }: PodSpec, path: string): Generator<FieldError> {
	for (const [index, { conditionType = '' }] of readinessGates.entries())
		for (const text of checkQualifiedName(conditionType))
			yield invalid(`${path}.readinessGates[${index}].conditionType`, conditionType, text);
	const seen = new Set<string>();
	for (const [index, { name = '' }] of schedulingGates.entries()) {
		for (const text of checkQualifiedName(name)) yield invalid(`${path}.schedulingGates[${index}]`, name, text);
		if (seen.has(name)) yield duplicate(`${path}.schedulingGates[${index}]`, name);
		seen.add(name);
	}
}

function* validateOwnUsers(spec: PodSpec, path: string): Generator<FieldError> {
	if (spec.hostNetwork) yield forbidden(`${path}.hostNetwork`, 'when `hostUsers` is false');
	if (spec.hostPID) yield forbidden(`${path}.HostPID`, 'when `hostUsers` is false');
	if (spec.hostIPC) yield forbidden(`${path}.HostIPC`, 'when `hostUsers` is false');
	for (const { container, path: field } of listContainers(spec, path))
		if (container.volumeDevices?.length) yield forbidden(`${field}.volumeDevices`, 'when `hostUsers` is false');
}

function* validateHostnameOverride(spec: PodSpec, path: string): Generator<FieldError> {
	const { hostnameOverride: name } = spec;
	const field = `${path}.hostnameOverride`;
	if (name === undefined) return;
	if (spec.setHostnameAsFQDN) yield forbidden(field, 'may not be specified when setHostnameAsFQDN is true');
	if (spec.hostNetwork) yield forbidden(field, 'may not be specified when hostNetwork is true');
	if (name.length > 64) yield tooLong(field, 64);
	for (const text of checkDnsSubdomain(name)) yield invalid(field, name, text);
}

function* validateNames(spec: PodSpec, path: string): Generator<FieldError> {
	yield* validateName(spec.serviceAccountName, checkDnsSubdomain, `${path}.serviceAccountName`);
	yield* validateName(spec.nodeName, checkDnsSubdomain, `${path}.nodeName`);
	const { activeDeadlineSeconds: deadline } = spec;
	if (deadline !== undefined && (deadline < 1 || deadline > 2147483647))
		yield invalid(`${path}.activeDeadlineSeconds`, deadline, describeRange(1, 2147483647));
	yield* validateName(spec.hostname, checkDnsLabel, `${path}.hostname`);
	yield* validateName(spec.subdomain, checkDnsLabel, `${path}.subdomain`);
	yield* validateTolerations(spec.tolerations, `${path}.tolerations`);
	for (const [index, { ip = '', hostnames = [] }] of (spec.hostAliases ?? []).entries()) {
		yield* validateIp(ip, `${path}.hostAliases[${index}].ip`);
		for (const [nameIndex, name] of hostnames.entries())
			yield* validateName(name, checkDnsSubdomain, `${path}.hostAliases[${index}].hostnames[${nameIndex}]`);
	}
	yield* validateName(spec.priorityClassName, checkDnsSubdomain, `${path}.priorityClassName`);
	if (spec.runtimeClassName !== undefined)
		for (const text of checkDnsSubdomain(spec.runtimeClassName))
			yield invalid(`${path}.runtimeClassName`, spec.runtimeClassName, text);
}

function* validateName(name: string | undefined, rule: NameRule, path: string): Generator<FieldError> {
	if (name) for (const text of rule(name)) yield invalid(path, name, text);
}

function* validateOs(spec: PodSpec, path: string): Generator<FieldError> {
	if (!spec.os) return;
	const { name } = spec.os;
	if (!name) return yield required(`${path}.os.name`);
	if (name !== 'linux' && name !== 'windows') return yield unsupported(`${path}.os`, name, ['linux', 'windows']);
	if (name !== 'linux') return;
	const text = 'windows options cannot be set for a linux pod';
	if (spec.securityContext?.windowsOptions) yield forbidden(`${path}.securityContext.windowsOptions`, text);
	for (const { container, path: field } of listContainers(spec, path))
		if (container.securityContext?.windowsOptions) yield forbidden(`${field}.securityContext.windowsOptions`, text);
}
