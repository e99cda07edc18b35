/** Endpoints and EndpointSlices. */

import type { KubeObject } from '../object.ts';
import { duplicate, type FieldError, invalid, required, tooMany, unsupported } from './field-error.ts';
import { checkDnsLabel, checkDnsSubdomain, checkPortNumber, checkQualifiedName } from './formats.ts';
import { isIpv6, isSloppyIp, validateIp } from './ip.ts';
import { validateImmutable } from './object-meta.ts';

interface Address {
	ip?: string;
	hostname?: string;
	nodeName?: string;
}

interface Port {
	name?: string;
	port?: number;
	protocol?: string;
	appProtocol?: string;
}

export interface Endpoints extends KubeObject {
	subsets?: { addresses?: Address[]; notReadyAddresses?: Address[]; ports?: Port[] }[];
}

export interface EndpointSlice extends KubeObject {
	addressType?: string;
	ports?: Port[];
	endpoints?: { addresses?: string[]; hostname?: string; nodeName?: string }[];
}

const protocols = ['SCTP', 'TCP', 'UDP'];

export function* validateEndpoints({ subsets = [] }: Endpoints): Generator<FieldError> {
	for (const [index, { addresses = [], notReadyAddresses = [], ports = [] }] of subsets.entries()) {
		const path = `subsets[${index}]`;
		if (addresses.length + notReadyAddresses.length === 0)
			yield required(path, 'must specify `addresses` or `notReadyAddresses`');
		for (const [at, address] of addresses.entries()) yield* validateAddress(address, `${path}.addresses[${at}]`);
		for (const [at, address] of notReadyAddresses.entries())
			yield* validateAddress(address, `${path}.notReadyAddresses[${at}]`);
		for (const [at, port] of ports.entries())
			yield* validateEndpointPort(port, `${path}.ports[${at}]`, ports.length > 1);
	}
}

function* validateAddress({ ip = '', hostname, nodeName }: Address, path: string): Generator<FieldError> {
	yield* validateIp(ip, `${path}.ip`);
	if (hostname) for (const text of checkDnsLabel(hostname)) yield invalid(`${path}.hostname`, hostname, text);
	if (nodeName !== undefined)
		for (const text of checkDnsSubdomain(nodeName)) yield invalid(`${path}.nodeName`, nodeName, text);
	yield* validateEndpointIp(ip, `${path}.ip`);
}

export function* validateEndpointIp(address: string, path: string): Generator<FieldError> {
	if (!isSloppyIp(address)) return yield invalid(path, address, 'must be a valid IP address');
	if (/^(0+(\.0+){3}|::)$/.test(address)) yield invalid(path, address, `may not be unspecified (${address})`);
	if (/^(127\.|::1$)/.test(address))
		yield invalid(path, address, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
	if (/^(169\.254\.|fe[89ab])/i.test(address))
		yield invalid(path, address, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)');
	if (/^(224\.0\.0\.|ff.2:)/i.test(address))
		yield invalid(path, address, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
}

function* validateEndpointPort(port: Port, path: string, wantsName: boolean): Generator<FieldError> {
	const { name, protocol, appProtocol } = port;
	if (!name) {
		if (wantsName) yield required(`${path}.name`);
	} else for (const text of checkDnsLabel(name)) yield invalid(`${path}.name`, name, text);
	for (const text of checkPortNumber(port.port ?? 0)) yield invalid(`${path}.port`, port.port ?? 0, text);
	if (!protocol) yield required(`${path}.protocol`);
	else if (!protocols.includes(protocol)) yield unsupported(`${path}.protocol`, protocol, protocols);
	if (appProtocol !== undefined)
		for (const text of checkQualifiedName(appProtocol)) yield invalid(`${path}.appProtocol`, appProtocol, text);
}

export function* validateEndpointSlice({
	addressType = '',
	ports = [],
	endpoints = [],
}: EndpointSlice): Generator<FieldError> {
	const types = ['FQDN', 'IPv4', 'IPv6'];
	if (addressType === '') yield required('addressType');
	else if (!types.includes(addressType)) yield unsupported('addressType', addressType, types);
	const names = new Set<string>();
	for (const [index, { name = '', protocol }] of ports.entries()) {
		const path = `ports[${index}]`;
		if (name !== '') for (const text of checkDnsLabel(name)) yield invalid(`${path}.name`, name, text);
		if (names.has(name)) yield duplicate(`${path}.name`, name);
		names.add(name);
		if (protocol === undefined) yield required(`${path}.protocol`);
		else if (!protocols.includes(protocol)) yield unsupported(`${path}.protocol`, protocol, protocols);
	}
	for (const [index, { addresses = [], nodeName, hostname }] of endpoints.entries()) {
		const path = `endpoints[${index}]`;
		if (addresses.length === 0) yield required(`${path}.addresses`, 'must contain at least 1 address');
		if (addresses.length > 100) yield tooMany(`${path}.addresses`, addresses.length, 100);
		for (const [at, address] of addresses.entries())
			yield* validateSliceAddress(address, addressType, `${path}.addresses`, at);
		if (nodeName !== undefined)
			for (const text of checkDnsSubdomain(nodeName)) yield invalid(`${path}.nodeName`, nodeName, text);
		if (hostname !== undefined)
			for (const text of checkDnsLabel(hostname)) yield invalid(`${path}.hostname`, hostname, text);
	}
}

function* validateSliceAddress(address: string, type: string, path: string, index: number): Generator<FieldError> {
	if (type !== 'IPv4' && type !== 'IPv6') return;
	const faults = [...validateIp(address, `${path}[${index}]`)];
	yield* faults;
	if (faults.length > 0) return;
	if ((type === 'IPv6') !== isIpv6(address)) yield invalid(path, address, `must be an ${type} address`);
	yield* validateEndpointIp(address, `${path}[${index}]`);
}

export function* validateEndpointSliceChange(slice: EndpointSlice, old: EndpointSlice): Generator<FieldError> {
	yield* validateImmutable(slice.addressType, old.addressType, 'addressType');
}
