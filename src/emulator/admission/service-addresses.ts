/** Services get addresses and node ports that are free (kubernetes pkg/registry/core/service/storage/alloc.go). */

import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import { isEqual } from '../validation/equality.ts';
import { invalid } from '../validation/field-error.ts';
import { createInvalidStatus } from '../validation/invalid-status.ts';
import type { Service, ServicePort, ServiceSpec } from '../validation/service.ts';
import type { AdmissionContext } from './context.ts';

const network = '10.96.0.0/16';
const networkStart = (10 << 24) | (96 << 16);
/** Addresses that are handed out begin here; those below are for whoever names one. */
const firstFree = 257;
const lastFree = 65534;
const nodePorts = { first: 30000, last: 32767 };

export function allocateService(service: Service, context: AdmissionContext): Service {
	const spec = service.spec ?? {};
	const others = (context.list('services', null) as readonly Service[]).filter(
		({ metadata }) => metadata.uid !== service.metadata.uid,
	);
	const addressed = allocateAddress(service, spec, context.dryRun ? [] : others);
	return { ...service, spec: allocateNodePorts(addressed, others, service, context.dryRun) };
}

function allocateAddress(service: Service, spec: ServiceSpec, others: readonly Service[]): ServiceSpec {
	const { type, clusterIP: _ip, clusterIPs: _ips, ipFamilies: _families, ipFamilyPolicy: _policy, ...rest } = spec;
	if (type === 'ExternalName') return spec;
	const given = spec.clusterIP || spec.clusterIPs?.[0] || '';
	const taken = new Set(others.flatMap((other) => other.spec?.clusterIPs ?? []));
	const isNone = given === 'None';
	const clusterIP = given === '' ? findFreeAddress(taken, service) : given;
	if (given !== '' && !isNone) checkAddress(given, taken, service);
	const isSelectorless = Object.keys(spec.selector ?? {}).length === 0;
	const families = isNone && isSelectorless && !spec.ipFamilyPolicy ? ['IPv4', 'IPv6'] : ['IPv4'];
	return {
		...rest,
		...(type !== undefined && { type }),
		clusterIP,
		clusterIPs: spec.clusterIPs?.length ? spec.clusterIPs : [clusterIP],
		ipFamilies: spec.ipFamilies?.length ? spec.ipFamilies : families,
		ipFamilyPolicy: spec.ipFamilyPolicy ?? (families.length > 1 ? 'RequireDualStack' : 'SingleStack'),
	};
}

function findFreeAddress(taken: ReadonlySet<string>, service: Service): string {
	for (let offset = firstFree; offset <= lastFree; offset++) {
		const address = toAddress(networkStart + offset);
		if (!taken.has(address)) return address;
	}
	const detail = 'failed to allocate IP: range is full';
	throw new StatusError(500, 'InternalError', `Internal error occurred: ${detail}`, { name: service.metadata.name });
}

/** An address that a person chose. One that is malformed is left to validation. */
function checkAddress(address: string, taken: ReadonlySet<string>, { metadata }: KubeObject): void {
	if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) return;
	const refuse = (why: string) =>
		createInvalidStatus('Service', metadata.name, [
			invalid('spec.clusterIPs', [address], `failed to allocate IP ${address}: ${why}`),
		]);
	if (!address.startsWith('10.96.'))
		throw refuse(`the provided IP (${address}) is not in the valid range. The range of valid IPs is ${network}`);
	if (taken.has(address)) throw refuse('provided IP is already allocated');
}

function toAddress(number: number): string {
	return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

/** A dry run takes no port, and refuses none. */
function allocateNodePorts(
	spec: ServiceSpec,
	others: readonly Service[],
	{ metadata }: KubeObject,
	isDryRun: boolean,
): ServiceSpec {
	const isBalanced = spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false;
	if (spec.type !== 'NodePort' && !isBalanced) return spec;
	const taken = new Set(others.flatMap(({ spec: other }) => other?.ports ?? []).map(({ nodePort }) => nodePort));
	const allocate = (port: ServicePort, index: number): ServicePort => {
		if (port.nodePort && isDryRun) return port;
		if (port.nodePort) {
			const refuse = (why: string) =>
				createInvalidStatus('Service', metadata.name, [invalid(`spec.ports[${index}].nodePort`, port.nodePort, why)]);
			if (taken.has(port.nodePort)) throw refuse('provided port is already allocated');
			if (port.nodePort < nodePorts.first || port.nodePort > nodePorts.last)
				throw refuse(
					`provided port is not in the valid range. The range of valid ports is ${nodePorts.first}-${nodePorts.last}`,
				);
			return port;
		}
		let free = nodePorts.first;
		while (taken.has(free) && free < nodePorts.last) free++;
		taken.add(free);
		return { ...port, nodePort: free };
	};
	return { ...spec, ports: (spec.ports ?? []).map(allocate) };
}

/** What an update leaves out that the server once filled in stays. */
export function keepAddresses(given: Service, old: Service, context: AdmissionContext): Service {
	const before = old.spec ?? {};
	const service = dropPolicies(given, before);
	const { spec = {} } = service;
	if (spec.type === 'ExternalName') return dropAddresses(service, before);
	const isSameKind = before.type !== 'ExternalName';
	const clusterIP = spec.clusterIP || (isSameKind ? before.clusterIP : undefined);
	const isMoved = clusterIP !== before.clusterIP && isEqual(spec.clusterIPs, before.clusterIPs);
	const wanted = isMoved && clusterIP ? [clusterIP] : spec.clusterIPs;
	const clusterIPs = wanted?.length ? wanted : isSameKind ? before.clusterIPs : undefined;
	const ports = (spec.ports ?? []).map((port) => keepNodePort(port, spec, before));
	const patched = {
		...service,
		spec: { ...spec, ...(clusterIP && { clusterIP }), ...(clusterIPs && { clusterIPs }), ports },
	};
	return isSameKind && before.type === spec.type && ports.every(({ nodePort }) => nodePort || !needsNodePorts(spec))
		? { ...patched, spec: { ...familiesOf(before), ...patched.spec } }
		: allocateService(patched, context);
}

function familiesOf({ ipFamilies, ipFamilyPolicy }: ServiceSpec): ServiceSpec {
	return { ...(ipFamilies && { ipFamilies }), ...(ipFamilyPolicy !== undefined && { ipFamilyPolicy }) };
}

function needsNodePorts({ type }: ServiceSpec): boolean {
	return type === 'NodePort' || type === 'LoadBalancer';
}

function keepNodePort(port: ServicePort, spec: ServiceSpec, before: ServiceSpec): ServicePort {
	const same = (before.ports ?? []).find((other) => other.port === port.port && other.protocol === port.protocol);
	if (!needsNodePorts(spec)) {
		const { nodePort, ...rest } = port;
		return needsNodePorts(before) && nodePort === same?.nodePort ? rest : port;
	}
	return port.nodePort || !same?.nodePort ? port : { ...port, nodePort: same.nodePort };
}

/** Policies that the server filled in go where another type of Service has no use for them. */
function dropPolicies(service: Service, before: ServiceSpec): Service {
	const { externalTrafficPolicy: external, internalTrafficPolicy: internal, ...spec } = service.spec ?? {};
	const isExternal = needsNodePorts(spec) || (spec.externalIPs ?? []).length > 0;
	const keepsExternal = isExternal || external !== before.externalTrafficPolicy;
	const keepsInternal = spec.type !== 'ExternalName' || internal !== before.internalTrafficPolicy;
	return {
		...service,
		spec: {
			...spec,
			...(keepsExternal && external !== undefined && { externalTrafficPolicy: external }),
			...(keepsInternal && internal !== undefined && { internalTrafficPolicy: internal }),
		},
	};
}

function dropAddresses(service: Service, before: ServiceSpec): Service {
	const { clusterIP, clusterIPs: _ips, ipFamilies: _families, ipFamilyPolicy: _policy, ...spec } = service.spec ?? {};
	return clusterIP === undefined || clusterIP === before.clusterIP ? { ...service, spec } : service;
}
