/** A Pod's spec as the API server prints its internal form: Go's field names, every field, nothing left out. */

import type { PodSpec, PodTemplate } from '../pod.ts';
import { isRecord } from './equality.ts';
import { toGoJson } from './field-error.ts';
import { goStructs } from './go-structs.ts';

/** Fields of the spec that the internal form keeps in the security context. */
const hoisted = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'] as const;
const unusualNames: Readonly<Record<string, string>> = { CephFS: 'cephfs', StorageOS: 'storageos' };

export function dumpPodSpec(spec: PodSpec): string {
	return print(toGoPodSpec(spec), 0);
}

function toGoPodSpec(spec: PodSpec): Record<string, unknown> {
	const moved = Object.fromEntries(hoisted.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]])));
	const isMoved = spec.securityContext !== undefined || Object.keys(moved).length > 0;
	const securityContext = isMoved ? { ...spec.securityContext, ...moved } : undefined;
	return toGoStruct('PodSpec', { ...spec, securityContext });
}

function toGoStruct(struct: string, value: Record<string, unknown>): Record<string, unknown> {
	const fields = goStructs[struct];
	if (fields === undefined) return capitalize(value);
	return Object.fromEntries(
		fields
			.trim()
			.split(/\s+/)
			.map((field) => {
				const [, name = '', type = ''] = /^(\w+)(.*)$/.exec(field) ?? [];
				return [name, toGoValue(type, value[nameInJson(name)])];
			}),
	);
}

function toGoValue(type: string, value: unknown): unknown {
	if (type.startsWith('=')) return sortKeys(value ?? null);
	const [, name = '', mark = ''] = /^:(\w+)(\?|\[\])?$/.exec(type) ?? [];
	if (mark === '[]')
		return Array.isArray(value) ? value.map((item) => toGoStruct(name, isRecord(item) ? item : {})) : null;
	if (mark === '?' && (value === undefined || value === null)) return null;
	if (name === 'bool') return value ?? false;
	if (name === 'int' || name === 'port') return value ?? 0;
	if (name === 'Quantity') return String(value ?? '0');
	if (name === 'Quantities') return toQuantities(isRecord(value) ? value : {});
	if (name !== '') return toGoStruct(name, isRecord(value) ? value : {});
	return value ?? '';
}

function toQuantities(value: Record<string, unknown>): unknown {
	return sortKeys(Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)])));
}

/** Go prints maps in the order of their keys. */
function sortKeys(value: unknown): unknown {
	if (!isRecord(value) || 'matchLabels' in value || 'matchExpressions' in value) return value;
	return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** `DNSPolicy` is `dnsPolicy` in JSON, `HostIP` is `hostIP`. */
function nameInJson(name: string): string {
	const unusual = unusualNames[name];
	if (unusual !== undefined) return unusual;
	return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (start) => start.toLowerCase());
}

/** Of structs that are not described: close enough. */
function capitalize(value: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => [name.charAt(0).toUpperCase() + name.slice(1), item]),
	);
}

/** Go's json.MarshalIndent with one space. */
function print(value: unknown, depth: number): string {
	const [inner, outer] = [' '.repeat(depth + 1), ' '.repeat(depth)];
	if (Array.isArray(value)) {
		if (value.length === 0) return '[]';
		return `[\n${value.map((item) => `${inner}${print(item, depth + 1)}`).join(',\n')}\n${outer}]`;
	}
	if (!isRecord(value)) return toGoJson(value ?? null);
	const entries = Object.entries(value);
	if (entries.length === 0) return '{}';
	const lines = entries.map(([name, item]) => `${inner}${toGoJson(name)}: ${print(item, depth + 1)}`);
	return `{\n${lines.join(',\n')}\n${outer}}`;
}

/** A template in the same form, as values of errors show it. */
export function toGoTemplate({ metadata, spec }: PodTemplate): Record<string, unknown> {
	return { ...metadata, Spec: toGoPodSpec(spec ?? { containers: [] }) };
}
