/** The formats of texts that a definition's schema may ask for (kube-openapi, validation/strfmt). */

import { isIP, isIPv4, isIPv6 } from 'node:net';

const dateTime = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:?\d{2})$/;
const duration = /^\d+(?:\.\d+)?\s*(?:ns|us|µs|ms|s|m|h|d|w|[a-z]+)$/i;
const goDuration =
	/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))*$/;
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

const checks: Readonly<Record<string, (text: string) => boolean>> = {
	date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text),
	'date-time': (text) => dateTime.test(text) && isDay(text.slice(0, 10)),
	duration: (text) => text === '0' || goDuration.test(text) || duration.test(text),
	email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
	hostname: (text) =>
		text.length <= 255 && text.split('.').every((label) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i.test(label)),
	ipv4: isIPv4,
	ipv6: isIPv6,
	cidr: isCidr,
	mac: (text) => /^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4,6}[0-9a-f]{2}$/i.test(text),
	uri: (text) => /^(?:[a-z][-+.a-z0-9]*:\S+|\/\S*)$/i.test(text),
	uuid: (text) => uuid.test(text),
	uuid3: (text) => uuid.test(text) && /^.{8}-?.{4}-?3/.test(text),
	uuid4: (text) => uuid.test(text) && /^.{8}-?.{4}-?4/.test(text),
	uuid5: (text) => uuid.test(text) && /^.{8}-?.{4}-?5/.test(text),
	byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
	hexcolor: (text) => /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
	password: () => true,
	'k8s-short-name': (text) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text),
	'k8s-long-name': (text) =>
		text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
};

/** Others are kept and mean nothing. */
export const knownFormats: ReadonlySet<string> = new Set(Object.keys(checks));

export function isFormat(format: string, text: string): boolean {
	return checks[format]?.(text) ?? true;
}

function isDay(text: string): boolean {
	const date = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isCidr(text: string): boolean {
	const [address = '', bits = ''] = text.split('/');
	const version = isIP(address);
	return version !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}
