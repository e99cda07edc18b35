/** IP addresses and networks as Kubernetes accepts them in fields. */

import { isIPv4, isIPv6 } from 'node:net';
import { type FieldError, invalid } from './field-error.ts';

/** Leading zeros are accepted, as they always have been. */
export function isSloppyIp(value: string): boolean {
	const isDotted = /^\d{1,}\.\d{1,}\.\d{1,}\.\d{1,}$/.test(value);
	if (isDotted) return value.split('.').every((part) => part.length <= 12 && Number(part) <= 255);
	return isIpv6(value) && isIPv6(value) && !value.includes('%');
}

export function* validateIp(value: string, path: string): Generator<FieldError> {
	if (!isSloppyIp(value)) yield invalid(path, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
}

export function* validateCidr(value: string, path: string): Generator<FieldError> {
	const [address = '', length = ''] = value.split('/');
	const most = isIpv6(address) ? 128 : 32;
	const isSound =
		value.split('/').length === 2 && isSloppyIp(address) && /^\d{1,3}$/.test(length) && Number(length) <= most;
	if (!isSound) yield invalid(path, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
}

/** Told by the colon, before Node's own test is made, whose pattern takes long to compile. */
export function isIpv6(value: string): boolean {
	return value.includes(':');
}

/** What Go's ParseIPSloppy reads and its netip does not. */
export function hasLeadingZeros(value: string): boolean {
	return isSloppyIp(value) && !value.includes(':') && !isIPv4(value);
}
