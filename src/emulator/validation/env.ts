/** Environment variables of a container. */

import type { Container, EnvironmentVariable, FieldReference, KeyReference, ResourceFieldReference } from '../pod.ts';
import { type FieldError, invalid, notFound, required, unsupported } from './field-error.ts';
import {
	checkConfigMapKey,
	checkDnsLabel,
	checkDnsSubdomain,
	checkEnvironmentName,
	checkQualifiedName,
} from './formats.ts';
import { validateNoBacksteps } from './path.ts';

const variableFields = [
	'metadata.name',
	'metadata.namespace',
	'metadata.uid',
	'spec.nodeName',
	'spec.serviceAccountName',
	'status.hostIP',
	'status.hostIPs',
	'status.podIP',
	'status.podIPs',
];
export const volumeFields = [
	'metadata.annotations',
	'metadata.labels',
	'metadata.name',
	'metadata.namespace',
	'metadata.uid',
];
/** Fields that the downward API knows in some place, if not in this one. */
const convertibleFields = new Set([
	...variableFields,
	...volumeFields,
	'spec.restartPolicy',
	'spec.schedulerName',
	'status.phase',
	'spec.host',
]);
const resourceFields = [
	'limits.cpu',
	'limits.ephemeral-storage',
	'limits.memory',
	'requests.cpu',
	'requests.ephemeral-storage',
	'requests.memory',
];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;

export function* validateEnv(variables: EnvironmentVariable[] = [], path: string): Generator<FieldError> {
	for (const [index, variable] of variables.entries()) {
		const field = `${path}[${index}]`;
		if (!variable.name) yield required(`${field}.name`);
		else for (const text of checkEnvironmentName(variable.name)) yield invalid(`${field}.name`, variable.name, text);
		yield* validateValueFrom(variable, `${field}.valueFrom`);
	}
}

function* validateValueFrom({ value, valueFrom }: EnvironmentVariable, path: string): Generator<FieldError> {
	if (!valueFrom) return;
	const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
	if (fieldRef) yield* validateFieldReference(fieldRef, variableFields, `${path}.fieldRef`);
	if (resourceFieldRef) yield* validateResourceReference(resourceFieldRef, `${path}.resourceFieldRef`, false);
	if (configMapKeyRef) yield* validateKeyReference(configMapKeyRef, `${path}.configMapKeyRef`);
	if (secretKeyRef) yield* validateKeyReference(secretKeyRef, `${path}.secretKeyRef`);
	if (fileKeyRef) yield* validateFileReference(fileKeyRef, `${path}.fileKeyRef`);
	const given = sources.filter((source) => valueFrom[source]).length;
	if (given === 0)
		yield invalid(
			path,
			'',
			'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
		);
	else if (value) yield invalid(path, '', 'may not be specified when `value` is not empty');
	else if (given > 1) yield invalid(path, '', 'may not have more than one field specified at a time');
}

export function* validateFieldReference(
	{ apiVersion, fieldPath }: FieldReference,
	allowed: readonly string[],
	path: string,
): Generator<FieldError> {
	if (!apiVersion) return yield required(`${path}.apiVersion`);
	if (!fieldPath) return yield required(`${path}.fieldPath`);
	const refuse = (text: string) => invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${text}`);
	if (apiVersion !== 'v1') return yield refuse(`unsupported pod version: ${apiVersion}`);
	const [, map, key] = /^(.*)\['(.*)'\]$/s.exec(fieldPath) ?? [];
	if (map === 'metadata.annotations' || map === 'metadata.labels') {
		const name = map === 'metadata.annotations' ? key?.toLowerCase() : key;
		for (const text of checkQualifiedName(name ?? '')) yield invalid(path, name, text);
	} else if (map !== undefined) yield refuse(`field label does not support subscript: ${fieldPath}`);
	else if (!convertibleFields.has(fieldPath)) yield refuse(`field label not supported: ${fieldPath}`);
	else {
		const internal = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
		if (!allowed.includes(internal)) yield unsupported(`${path}.fieldPath`, internal, allowed);
	}
}

export function* validateResourceReference(
	{ containerName, resource = '', divisor }: ResourceFieldReference,
	path: string,
	isVolume: boolean,
): Generator<FieldError> {
	if (isVolume && !containerName) yield required(`${path}.containerName`);
	else if (resource === '') yield required(`${path}.resource`);
	else if (!resourceFields.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource))
		yield unsupported(`${path}.resource`, resource, resourceFields);
	const text = divisor ?? '0';
	if (text === '0') return;
	const refuse = (values: string, of: string) =>
		invalid(`${path}.divisor`, resource, `only divisor's values ${values} are supported with the ${of} resource`);
	if (/^(limits|requests)\.cpu$/.test(resource)) {
		if (text !== '1m' && text !== '1') yield refuse('1m and 1', 'cpu');
	} else if (!byteDivisors.includes(text)) {
		if (/^(limits|requests)\.memory$/.test(resource)) yield refuse(byteDivisors.join(', '), 'memory');
		if (/ephemeral-storage$/.test(resource)) yield refuse(byteDivisors.join(', '), 'local ephemeral storage');
		if (/\.hugepages-/.test(resource)) yield refuse(byteDivisors.join(', '), 'hugepages');
	}
}

function* validateKeyReference({ name = '', key }: KeyReference, path: string): Generator<FieldError> {
	for (const text of checkDnsSubdomain(name)) yield invalid(`${path}.name`, name, text);
	if (!key) yield required(`${path}.key`);
	else for (const text of checkConfigMapKey(key)) yield invalid(`${path}.key`, key, text);
}

function* validateFileReference(
	{ key, volumeName, path: file }: { key?: string; volumeName?: string; path?: string },
	path: string,
): Generator<FieldError> {
	if (!key) yield required(`${path}.key`);
	else for (const text of checkEnvironmentName(key)) yield invalid(`${path}.key`, key, text);
	if (!volumeName) yield required(`${path}.volumeName`);
	else for (const text of checkDnsLabel(volumeName)) yield invalid(`${path}.volumeName`, volumeName, text);
	if (!file) yield required(`${path}.path`);
	else yield* validateNoBacksteps(file, `${path}.path`);
}

export function* validateEnvFrom(imports: Container['envFrom'] = [], path: string): Generator<FieldError> {
	for (const [index, { prefix, configMapRef, secretRef }] of imports.entries()) {
		const field = `${path}[${index}]`;
		if (prefix) for (const text of checkEnvironmentName(prefix)) yield invalid(`${field}.prefix`, prefix, text);
		if (configMapRef) yield* validateSourceName(configMapRef.name, `${field}.configMapRef.name`);
		if (secretRef) yield* validateSourceName(secretRef.name, `${field}.secretRef.name`);
		if (!configMapRef && !secretRef) yield invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`');
		else if (configMapRef && secretRef) yield invalid(path, '', 'may not have more than one field specified at a time');
	}
}

function* validateSourceName(name: string | undefined, path: string): Generator<FieldError> {
	if (!name) return yield required(path);
	const masked = name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
	for (const text of checkDnsSubdomain(masked)) yield invalid(path, name, text);
}

/** A variable read from a file needs an emptyDir volume to read it from. */
export function* validateFileVolumes(
	containers: readonly { container: Container; path: string }[],
	volumes: ReadonlyMap<string, { emptyDir?: unknown }>,
): Generator<FieldError> {
	for (const { container, path } of containers)
		for (const [index, { valueFrom }] of (container.env ?? []).entries()) {
			if (!valueFrom?.fileKeyRef) continue;
			const field = `${path}.env[${index}].valueFrom.fileKeyRef.volumeName`;
			const name = valueFrom.fileKeyRef.volumeName ?? '';
			const volume = volumes.get(name);
			if (!volume) yield notFound(field, name);
			else if (!volume.emptyDir) yield invalid(field, name, 'referenced volume must be of type emptyDir');
		}
}
