/** NetworkPolicies and Ingresses (kubernetes pkg/apis/networking/validation). */

import type { LabelSelector } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import { type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';
import { checkDnsLabel, checkDnsSubdomain, checkPortName, checkPortNumber, checkWildcardSubdomain } from './formats.ts';
import { isSloppyIp, validateCidr } from './ip.ts';
import { validateLabelSelector } from './labels.ts';

interface PolicyPort {
	protocol?: string;
	port?: string | number;
	endPort?: number;
}

interface Peer {
	podSelector?: LabelSelector;
	namespaceSelector?: LabelSelector;
	ipBlock?: { cidr?: string; except?: string[] };
}

export interface NetworkPolicy extends KubeObject {
	spec?: {
		podSelector?: LabelSelector;
		ingress?: { ports?: PolicyPort[]; from?: Peer[] }[];
		egress?: { ports?: PolicyPort[]; to?: Peer[] }[];
		policyTypes?: string[];
	};
}

export function* validateNetworkPolicy({ spec = {} }: NetworkPolicy): Generator<FieldError> {
	yield* validateLabelSelector(spec.podSelector, 'spec.podSelector');
	for (const [index, { ports, from }] of (spec.ingress ?? []).entries())
		yield* validateTraffic(ports, from, `spec.ingress[${index}]`, 'from');
	for (const [index, { ports, to }] of (spec.egress ?? []).entries())
		yield* validateTraffic(ports, to, `spec.egress[${index}]`, 'to');
	const types = spec.policyTypes ?? [];
	if (types.length > 2) return yield invalid('spec.policyTypes', types, 'may not specify more than two policyTypes');
	for (const [index, type] of types.entries())
		if (type !== 'Ingress' && type !== 'Egress')
			yield unsupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress']);
}

function* validateTraffic(
	ports: PolicyPort[] = [],
	peers: Peer[] = [],
	path: string,
	side: string,
): Generator<FieldError> {
	for (const [index, port] of ports.entries()) yield* validatePolicyPort(port, `${path}.ports[${index}]`);
	for (const [index, peer] of peers.entries()) yield* validatePeer(peer, `${path}.${side}[${index}]`);
}

function* validatePolicyPort({ protocol, port, endPort }: PolicyPort, path: string): Generator<FieldError> {
	const protocols = ['TCP', 'UDP', 'SCTP'];
	if (protocol !== undefined && !protocols.includes(protocol))
		yield unsupported(`${path}.protocol`, protocol, protocols);
	if (typeof port === 'number') {
		for (const text of checkPortNumber(port)) yield invalid(`${path}.port`, port, text);
		if (endPort === undefined) return;
		if (endPort < port) yield invalid(`${path}.endPort`, port, 'must be greater than or equal to `port`');
		for (const text of checkPortNumber(endPort)) yield invalid(`${path}.endPort`, endPort, text);
		return;
	}
	if (endPort !== undefined)
		yield invalid(
			`${path}.endPort`,
			endPort,
			`may not be specified when \`port\` is ${port === undefined ? 'not specified' : 'non-numeric'}`,
		);
	if (port !== undefined) for (const text of checkPortName(port)) yield invalid(`${path}.port`, port, text);
}

function* validatePeer({ podSelector, namespaceSelector, ipBlock }: Peer, path: string): Generator<FieldError> {
	yield* validateLabelSelector(podSelector, `${path}.podSelector`);
	yield* validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`);
	if (ipBlock) {
		if (!ipBlock.cidr) yield required(`${path}.ipBlock.cidr`);
		else {
			yield* validateCidr(ipBlock.cidr, `${path}.ipBlock.cidr`);
			for (const [index, range] of (ipBlock.except ?? []).entries())
				yield* validateCidr(range, `${path}.ipBlock.except[${index}]`);
		}
	}
	if (!podSelector && !namespaceSelector && !ipBlock) yield required(path, 'must specify a peer');
	else if (ipBlock && (podSelector || namespaceSelector))
		yield forbidden(path, 'may not specify both ipBlock and another peer');
}

interface Backend {
	service?: { name?: string; port?: { name?: string; number?: number } };
	resource?: { apiGroup?: string; kind?: string; name?: string };
}

interface IngressPath {
	path?: string;
	pathType?: string;
	backend?: Backend;
}

export interface Ingress extends KubeObject {
	spec?: {
		ingressClassName?: string;
		defaultBackend?: Backend;
		rules?: { host?: string; http?: { paths?: IngressPath[] } }[];
		tls?: { hosts?: string[]; secretName?: string }[];
	};
}

export function* validateIngress({ spec = {} }: Ingress): Generator<FieldError> {
	const { rules = [], defaultBackend, ingressClassName } = spec;
	if (rules.length === 0 && !defaultBackend)
		yield invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified');
	if (defaultBackend) yield* validateBackend(defaultBackend, 'spec.defaultBackend');
	for (const [index, { host = '', http }] of rules.entries()) {
		const path = `spec.rules[${index}]`;
		if (isSloppyIp(host)) yield invalid(`${path}.host`, host, 'must be a DNS name, not an IP address');
		if (host !== '') yield* validateHost(host, `${path}.host`);
		if (!http) continue;
		if (!http.paths?.length) yield required(`${path}.http.paths`);
		for (const [at, route] of (http.paths ?? []).entries()) yield* validatePath(route, `${path}.http.paths[${at}]`);
	}
	for (const [index, { hosts = [], secretName }] of (spec.tls ?? []).entries()) {
		for (const [at, host] of hosts.entries()) yield* validateHost(host, `spec.tls[${index}].hosts[${at}]`);
		if (secretName)
			for (const text of checkDnsSubdomain(secretName))
				yield invalid(`spec.tls[${index}].secretName`, secretName, text);
	}
	if (ingressClassName !== undefined)
		for (const text of checkDnsSubdomain(ingressClassName))
			yield invalid('spec.ingressClassName', ingressClassName, text);
}

export function* validateNewIngress({ metadata, spec }: Ingress): Generator<FieldError> {
	const name = 'kubernetes.io/ingress.class';
	const annotation = metadata.annotations?.[name];
	if (annotation !== undefined && spec?.ingressClassName !== undefined && annotation !== spec.ingressClassName)
		yield invalid(`annotations.${name}`, annotation, 'must match `ingressClassName` when both are specified');
}

function* validateHost(host: string, path: string): Generator<FieldError> {
	const check = host.includes('*') ? checkWildcardSubdomain : checkDnsSubdomain;
	for (const text of check(host)) yield invalid(path, host, text);
}

function* validatePath({ path: route = '', pathType, backend = {} }: IngressPath, path: string): Generator<FieldError> {
	if (pathType === undefined) return yield required(`${path}.pathType`, 'pathType must be specified');
	const field = `${path}.path`;
	const isStrict = pathType === 'Exact' || pathType === 'Prefix';
	if (!isStrict && pathType !== 'ImplementationSpecific')
		yield unsupported(`${path}.pathType`, pathType, ['Exact', 'ImplementationSpecific', 'Prefix']);
	else if (!route.startsWith('/') && (isStrict || route !== ''))
		yield invalid(field, route, 'must be an absolute path');
	if (isStrict) {
		for (const sequence of ['//', '/./', '/../', '%2f', '%2F'])
			if (route.includes(sequence)) yield invalid(field, route, `must not contain '${sequence}'`);
		for (const suffix of ['/..', '/.'])
			if (route.endsWith(suffix)) yield invalid(field, route, `cannot end with '${suffix}'`);
	}
	yield* validateBackend(backend, `${path}.backend`);
}

function* validateBackend({ service, resource }: Backend, path: string): Generator<FieldError> {
	if (service && resource) return yield invalid(path, '', 'cannot set both resource and service backends');
	if (resource) {
		if (!resource.kind) yield required(`${path}.resource.kind`);
		if (!resource.name) yield required(`${path}.resource.name`);
		return;
	}
	if (!service) return yield invalid(path, '', 'resource or service backend is required');
	if (!service.name) yield required(`${path}.service.name`);
	else for (const text of checkDnsLabel(service.name)) yield invalid(`${path}.service.name`, service.name, text);
	const { name = '', number = 0 } = service.port ?? {};
	if (name !== '' && number !== 0) yield invalid(path, '', 'cannot set both port name & port number');
	else if (name !== '') for (const text of checkPortName(name)) yield invalid(`${path}.service.port.name`, name, text);
	else if (number !== 0)
		for (const text of checkPortNumber(number)) yield invalid(`${path}.service.port.number`, number, text);
	else yield required(path, 'port name or number is required');
}
