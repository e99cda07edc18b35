/** Services (kubernetes pkg/apis/core/validation). */

import type { KubeObject } from '../object.ts';
import { validateEndpointIp } from './endpoints.ts';
import { isEqual } from './equality.ts';
import { duplicate, type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';
import { checkDnsLabel, checkDnsSubdomain, checkPortNumber, checkQualifiedName } from './formats.ts';
import { isIpv6, validateCidr, validateIp } from './ip.ts';
import { validateLabels } from './labels.ts';
import { validatePort } from './probe.ts';

export interface ServicePort {
	name?: string;
	protocol?: string;
	port?: number;
	targetPort?: string | number;
	nodePort?: number;
	appProtocol?: string;
}

export interface ServiceSpec {
	type?: string;
	ports?: ServicePort[];
	selector?: Record<string, string>;
	clusterIP?: string;
	clusterIPs?: string[];
	ipFamilies?: string[];
	ipFamilyPolicy?: string;
	externalName?: string;
	externalIPs?: string[];
	sessionAffinity?: string;
	sessionAffinityConfig?: { clientIP?: { timeoutSeconds?: number } };
	externalTrafficPolicy?: string;
	internalTrafficPolicy?: string;
	trafficDistribution?: string;
	healthCheckNodePort?: number;
	loadBalancerClass?: string;
	loadBalancerSourceRanges?: string[];
	allocateLoadBalancerNodePorts?: boolean;
	publishNotReadyAddresses?: boolean;
}

export interface Service extends KubeObject {
	spec?: ServiceSpec;
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];

function isHeadless({ clusterIPs = [] }: ServiceSpec): boolean {
	return clusterIPs.length === 1 && clusterIPs[0] === 'None';
}

export function* validateService({ spec = {} }: Service): Generator<FieldError> {
	const { type = '', ports = [] } = spec;
	if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') yield required('spec.ports');
	yield* validateByType(spec, type);
	yield* validatePorts(ports);
	yield* validateLabels(spec.selector, 'spec.selector');
	yield* validateAffinity(spec);
	if (type !== 'ExternalName') yield* validateClusterIps(spec);
	for (const [index, address] of (spec.externalIPs ?? []).entries()) {
		const faults = [...validateIp(address, `spec.externalIPs[${index}]`)];
		yield* faults;
		if (faults.length === 0) yield* validateEndpointIp(address, `spec.externalIPs[${index}]`);
	}
	if (type === '') yield required('spec.type');
	else if (!types.includes(type)) yield unsupported('spec.type', type, types);
	yield* validateNodePorts(ports, type);
	yield* validateLoadBalancer(spec, type);
	yield* validateTraffic(spec, type);
}

function* validateByType(spec: ServiceSpec, type: string): Generator<FieldError> {
	if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec))
		yield invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
	if (type !== 'ExternalName') return;
	const text = 'may not be set for ExternalName services';
	if (spec.clusterIPs?.length) yield forbidden('spec.clusterIPs', text);
	if (spec.ipFamilies?.length) yield forbidden('spec.ipFamilies', text);
	if (spec.ipFamilyPolicy !== undefined) yield forbidden('spec.ipFamilyPolicy', text);
	const name = (spec.externalName ?? '').replace(/\.$/, '');
	if (name === '') yield required('spec.externalName');
	else for (const fault of checkDnsSubdomain(name)) yield invalid('spec.externalName', name, fault);
}

function* validatePorts(ports: ServicePort[]): Generator<FieldError> {
	const names = new Set<string>();
	for (const [index, { name = '', protocol = '', port = 0, targetPort, appProtocol }] of ports.entries()) {
		const field = `spec.ports[${index}]`;
		if (name === '') {
			if (ports.length > 1) yield required(`${field}.name`);
		} else {
			for (const text of checkDnsLabel(name)) yield invalid(`${field}.name`, name, text);
			if (names.has(name)) yield duplicate(`${field}.name`, name);
			names.add(name);
		}
		for (const text of checkPortNumber(port)) yield invalid(`${field}.port`, port, text);
		if (protocol === '') yield required(`${field}.protocol`);
		else if (!protocols.includes(protocol)) yield unsupported(`${field}.protocol`, protocol, protocols);
		yield* validatePort(targetPort ?? 0, `${field}.targetPort`);
		if (appProtocol !== undefined)
			for (const text of checkQualifiedName(appProtocol)) yield invalid(`${field}.appProtocol`, appProtocol, text);
	}
}

function* validateAffinity({ sessionAffinity: affinity, sessionAffinityConfig }: ServiceSpec): Generator<FieldError> {
	const path = 'spec.sessionAffinityConfig';
	if (!affinity) yield required('spec.sessionAffinity');
	else if (affinity !== 'ClientIP' && affinity !== 'None')
		yield unsupported('spec.sessionAffinity', affinity, ['ClientIP', 'None']);
	if (affinity === 'None' && sessionAffinityConfig)
		yield forbidden(path, 'must not be set when session affinity is None');
	if (affinity !== 'ClientIP') return;
	const text = 'when session affinity type is ClientIP';
	if (!sessionAffinityConfig) return yield required(path, text);
	if (!sessionAffinityConfig.clientIP) return yield required(`${path}.clientIP`, text);
	const seconds = sessionAffinityConfig.clientIP.timeoutSeconds;
	const field = `${path}.clientIP.timeoutSeconds`;
	if (seconds === undefined) yield required(field, text);
	else if (seconds <= 0 || seconds > 86400) yield invalid(field, seconds, 'must be greater than 0 and less than 86400');
}

function* validateClusterIps(spec: ServiceSpec): Generator<FieldError> {
	const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
	const path = 'spec.clusterIPs';
	if (clusterIP !== '') {
		if (clusterIPs.length === 0) yield required(path);
		else if (clusterIPs[0] !== clusterIP) yield invalid(path, clusterIPs, 'first value must match `clusterIP`');
	} else if (clusterIPs.length > 0) yield invalid(path, clusterIPs, 'must be empty when `clusterIP` is not specified');
	for (const [index, family] of ipFamilies.entries()) {
		if (family !== 'IPv4' && family !== 'IPv6')
			yield unsupported(`spec.ipFamilies[${index}]`, family, ['IPv4', 'IPv6']);
		if (ipFamilies.indexOf(family) < index) yield duplicate(`spec.ipFamilies[${index}]`, family);
	}
	const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
	if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy))
		yield unsupported('spec.ipFamilyPolicy', ipFamilyPolicy, policies);
	let isSound = true;
	for (const [index, address] of clusterIPs.entries()) {
		const isNone = index === 0 && address === 'None';
		const faults = isNone ? [] : [...validateIp(address, `${path}[${index}]`)];
		if (isNone && clusterIPs.length > 1)
			faults.push(invalid(path, clusterIPs, "'None' must be the first and only value"));
		isSound = isSound && faults.length === 0;
		yield* faults;
	}
	if (clusterIPs.length > 2) yield invalid(path, clusterIPs, 'may only hold up to 2 values');
	if (!isSound) return;
	if (clusterIPs.length > 1 && new Set(clusterIPs.map(isIpv6)).size < 2)
		yield invalid(path, clusterIPs, 'may specify no more than one IP for each IP family');
	if (isHeadless(spec)) return;
	for (const [index, address] of clusterIPs.entries()) {
		const family = ipFamilies[index];
		if (family !== undefined && (family === 'IPv6') !== isIpv6(address))
			yield invalid(
				`${path}[${index}]`,
				address,
				`expected an ${family} value as indicated by \`ipFamilies[${index}]\``,
			);
	}
}

function* validateNodePorts(ports: ServicePort[], type: string): Generator<FieldError> {
	if (type === 'ClusterIP')
		for (const [index, { nodePort }] of ports.entries())
			if (nodePort) yield forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
	const nodePorts = new Set<string>();
	for (const [index, { nodePort, protocol }] of ports.entries()) {
		if (!nodePort) continue;
		if (nodePorts.has(`${protocol}/${nodePort}`)) yield duplicate(`spec.ports[${index}].nodePort`, nodePort);
		nodePorts.add(`${protocol}/${nodePort}`);
	}
	const taken = new Set<string>();
	for (const [index, { port = 0, protocol = '' }] of ports.entries()) {
		if (taken.has(`${protocol}/${port}`)) yield duplicate(`spec.ports[${index}]`, toGoPort(protocol, port));
		taken.add(`${protocol}/${port}`);
	}
}

/** The API server prints its internal struct. */
function toGoPort(protocol: string, port: number): Record<string, unknown> {
	return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}

function* validateLoadBalancer(spec: ServiceSpec, type: string): Generator<FieldError> {
	const isBalanced = type === 'LoadBalancer';
	const text = "may only be used when `type` is 'LoadBalancer'";
	const ranges = spec.loadBalancerSourceRanges ?? [];
	if (ranges.length > 0 && !isBalanced) yield forbidden('spec.LoadBalancerSourceRanges', text);
	for (const [index, range] of ranges.entries())
		yield* validateCidr(range.trim(), `spec.LoadBalancerSourceRanges[${index}]`);
	if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalanced)
		yield forbidden('spec.allocateLoadBalancerNodePorts', text);
	if (isBalanced && spec.allocateLoadBalancerNodePorts === undefined) yield required('allocateLoadBalancerNodePorts');
	const { loadBalancerClass } = spec;
	if (loadBalancerClass === undefined) return;
	if (!isBalanced) yield forbidden('spec.loadBalancerClass', text);
	else
		for (const fault of checkQualifiedName(loadBalancerClass))
			yield invalid('spec.loadBalancerClass', loadBalancerClass, fault);
}

function* validateTraffic(spec: ServiceSpec, type: string): Generator<FieldError> {
	const { externalTrafficPolicy: external = '', internalTrafficPolicy: internal, healthCheckNodePort } = spec;
	const isExternal =
		type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
	if (!isExternal) {
		if (external !== '')
			yield invalid('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services');
	} else if (external === '') yield required('spec.externalTrafficPolicy');
	else if (external !== 'Cluster' && external !== 'Local')
		yield unsupported('spec.externalTrafficPolicy', external, ['Cluster', 'Local']);
	const needsCheck = type === 'LoadBalancer' && external === 'Local';
	if (!needsCheck && healthCheckNodePort)
		yield invalid(
			'spec.healthCheckNodePort',
			healthCheckNodePort,
			"may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
		);
	if (internal === undefined && ['NodePort', 'LoadBalancer', 'ClusterIP'].includes(type))
		yield required('spec.internalTrafficPolicy');
	if (internal !== undefined && internal !== 'Cluster' && internal !== 'Local')
		yield unsupported('spec.internalTrafficPolicy', internal, ['Cluster', 'Local']);
	const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
	const { trafficDistribution } = spec;
	if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution))
		yield unsupported('spec.trafficDistribution', trafficDistribution, distributions);
}

export function* validateServiceChange({ spec = {} }: Service, { spec: old = {} }: Service): Generator<FieldError> {
	if (spec.type !== 'ExternalName' && old.type !== 'ExternalName') {
		if (!(isHeadless(spec) && isHeadless(old)))
			yield* validateAddressChange(spec.clusterIPs ?? [], old.clusterIPs ?? [], 'clusterIPs', 'clusterIP');
		if (!isHeadless(spec) && !isHeadless(old))
			yield* validateAddressChange(spec.ipFamilies ?? [], old.ipFamilies ?? [], 'ipFamilies', 'ipFamily');
	}
	if (
		spec.type === 'LoadBalancer' &&
		old.type === 'LoadBalancer' &&
		!isEqual(spec.loadBalancerClass, old.loadBalancerClass)
	)
		yield invalid('spec.loadBalancerClass', spec.loadBalancerClass, 'may not change once set');
}

function* validateAddressChange(now: string[], old: string[], name: string, one: string): Generator<FieldError> {
	if (now.length === old.length) {
		for (const [index, value] of old.entries())
			if (value !== now[index])
				yield invalid(`spec.${name}[${name === 'ipFamilies' ? 0 : index}]`, now, 'may not change once set');
		return;
	}
	if (now.length === 0) yield invalid(`spec.${name}[0]`, now, `primary ${one} can not be unset`);
	else if (old.length > 0 && now[0] !== old[0]) yield invalid(`spec.${name}[0]`, now, 'may not change once set');
}
