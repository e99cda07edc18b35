/** Secrets and ConfigMaps (kubernetes pkg/apis/core/validation). */

import type { KubeObject } from '../object.ts';
import { isEqual } from './equality.ts';
import { type FieldError, forbidden, invalid, required, tooLong } from './field-error.ts';
import { checkConfigMapKey } from './formats.ts';
import { describeJsonFault } from './go-json.ts';
import { validateImmutable } from './object-meta.ts';

export interface Secret extends KubeObject {
	type?: string;
	/** Base64. */
	data?: Record<string, string>;
	immutable?: boolean;
}

export interface ConfigMap extends KubeObject {
	data?: Record<string, string>;
	/** Base64. */
	binaryData?: Record<string, string>;
	immutable?: boolean;
}

const mostBytes = 1024 * 1024;

export function* validateSecret(secret: Secret): Generator<FieldError> {
	const data = secret.data ?? {};
	for (const key of Object.keys(data))
		for (const text of checkConfigMapKey(key)) yield invalid(`data[${key}]`, key, text);
	if (sum(Object.values(data).map(countBase64Bytes)) > mostBytes) yield tooLong('data', mostBytes);
	yield* validateByType(secret, data);
}

function* validateByType(secret: Secret, data: Record<string, string>): Generator<FieldError> {
	const account = 'kubernetes.io/service-account.name';
	if (secret.type === 'kubernetes.io/service-account-token') {
		if (!secret.metadata.annotations?.[account]) yield required(`metadata.annotations[${account}]`);
	} else if (secret.type === 'kubernetes.io/dockercfg') yield* validateJson(data, '.dockercfg');
	else if (secret.type === 'kubernetes.io/dockerconfigjson') yield* validateJson(data, '.dockerconfigjson');
	else if (secret.type === 'kubernetes.io/basic-auth') {
		if (data['username'] !== undefined || data['password'] !== undefined) return;
		yield required('data[username]');
		yield required('data[password]');
	} else if (secret.type === 'kubernetes.io/ssh-auth') {
		if (!data['ssh-privatekey']) yield required('data[ssh-privatekey]');
	} else if (secret.type === 'kubernetes.io/tls') {
		for (const key of ['tls.crt', 'tls.key']) if (data[key] === undefined) yield required(`data[${key}]`);
	}
}

/** Well-formed JSON is all that is asked for; what is in it is the kubelet's business. */
function* validateJson(data: Record<string, string>, key: string): Generator<FieldError> {
	const content = data[key];
	if (content === undefined) return yield required(`data[${key}]`);
	const fault = describeJsonFault(Buffer.from(content, 'base64'));
	if (fault !== null) yield invalid(`data[${key}]`, '<secret contents redacted>', fault);
}

export function* validateSecretUpdate(secret: Secret, old: Secret): Generator<FieldError> {
	yield* validateImmutable(secret.type ?? '', old.type ?? '', 'type');
	yield* validateSealed(secret, old, ['data']);
}

export function* validateConfigMap(config: ConfigMap): Generator<FieldError> {
	const { data = {}, binaryData = {} } = config;
	for (const key of Object.keys(data)) {
		for (const text of checkConfigMapKey(key)) yield invalid(`data[${key}]`, key, text);
		if (binaryData[key] !== undefined) yield invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
	}
	for (const key of Object.keys(binaryData))
		for (const text of checkConfigMapKey(key)) yield invalid(`binaryData[${key}]`, key, text);
	const texts = Object.values(data).map((text) => Buffer.byteLength(text));
	if (sum([...texts, ...Object.values(binaryData).map(countBase64Bytes)]) > mostBytes) yield tooLong('', mostBytes);
}

export function* validateConfigMapUpdate(config: ConfigMap, old: ConfigMap): Generator<FieldError> {
	yield* validateSealed(config, old, ['data', 'binaryData']);
}

/** `immutable: true` cannot be taken back, and nothing under it changes. */
function* validateSealed(object: KubeObject, old: KubeObject, fields: string[]): Generator<FieldError> {
	if (!old['immutable']) return;
	const detail = 'field is immutable when `immutable` is set';
	if (!object['immutable']) yield forbidden('immutable', detail);
	for (const field of fields) if (!isEqual(object[field], old[field])) yield forbidden(field, detail);
}

function countBase64Bytes(encoded: string): number {
	return Buffer.byteLength(encoded, 'base64');
}

function sum(numbers: number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}
