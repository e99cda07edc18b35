/** CustomResourceDefinitions (apiextensions-apiserver, pkg/apis/apiextensions/validation). */

import type {
	Definition,
	DefinitionNames,
	DefinitionSpec,
	DefinitionVersion,
	PrinterColumn,
} from '../custom/definition.ts';
import { isConditionTrue } from '../custom/definition.ts';
import { parseJsonPath } from '../custom/json-path.ts';
import { validateSchema } from './definition-schema.ts';
import { isEqual } from './equality.ts';
import { type FieldError, invalid, required, unsupported } from './field-error.ts';
import { checkDns1035Label, checkDnsSubdomain } from './formats.ts';
import { validateImmutable } from './object-meta.ts';

export function* validateDefinition(definition: Definition): Generator<FieldError> {
	const { spec, metadata } = definition;
	// One without a name is told of already.
	if (metadata.name !== '' && metadata.name !== `${spec.names.plural}.${spec.group}`) {
		yield invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group');
	}
	yield* validateSpec(spec);
	yield* validateNames(definition.status?.acceptedNames, 'status.acceptedNames');
	yield* validateStoredVersions(definition);
	yield* validateApproval(definition);
	if (spec.preserveUnknownFields) {
		const how = 'set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
		yield invalid('spec.preserveUnknownFields', true, `cannot set to true, ${how}`);
	}
}

export function* validateDefinitionChange(definition: Definition, old: Definition): Generator<FieldError> {
	const [{ spec }, { spec: before }] = [definition, old];
	if (isConditionTrue(old, 'Established')) {
		yield* validateImmutable(spec.scope, before.scope, 'spec.scope');
		yield* validateImmutable(spec.names.kind, before.names.kind, 'spec.names.kind');
	}
	yield* validateImmutable(spec.group, before.group, 'spec.group');
	yield* validateImmutable(spec.names.plural, before.names.plural, 'spec.names.plural');
}

export function* validateDefinitionStatus({ status }: Definition): Generator<FieldError> {
	yield* validateNames(status?.acceptedNames, 'status.acceptedNames');
}

function* validateSpec(spec: DefinitionSpec): Generator<FieldError> {
	const { group = '', scope = '', versions = [], names, conversion } = spec;
	if (group === '') yield required('spec.group');
	else if (checkDnsSubdomain(group).length > 0) yield invalid('spec.group', group, checkDnsSubdomain(group).join(','));
	else if (!group.includes('.')) yield invalid('spec.group', group, 'should be a domain with at least one dot');
	if (scope === '') yield required('spec.scope');
	else if (!scopes.includes(scope)) yield unsupported('spec.scope', scope, scopes);
	for (const [at, { schema }] of versions.entries()) {
		if (!schema?.openAPIV3Schema) yield required(`spec.versions[${at}].schema.openAPIV3Schema`);
	}
	for (const [at, version] of versions.entries()) yield* validateVersion(version, `spec.versions[${at}]`);
	if (new Set(versions.map(({ name }) => name)).size < versions.length) {
		yield invalid('spec.versions', showVersions(spec), 'must contain unique version names');
	}
	if (versions.filter(({ storage }) => storage).length !== 1) {
		yield invalid('spec.versions', showVersions(spec), 'must have exactly one version marked as storage version');
	}
	for (const name of ['plural', 'singular', 'kind', 'listKind'] as const) {
		if (!names[name]) yield required(`spec.names.${name}`);
	}
	yield* validateNames(names, 'spec.names');
	yield* validateParts(versions);
	if (conversion && !strategies.includes(conversion.strategy)) {
		yield unsupported('spec.conversion.strategy', conversion.strategy, strategies);
	}
	if (conversion?.strategy === 'Webhook' && conversion.webhook === undefined) {
		yield required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook');
	}
}

const scopes = ['Cluster', 'Namespaced'];
const strategies = ['None', 'Webhook'];

/** As Go's internal type would be written, which has no names for JSON. */
function showVersions({ versions }: Partial<DefinitionSpec>): unknown {
	if (!versions) return null;
	return versions.map(({ name, served, storage, deprecated, deprecationWarning, schema, ...version }) => ({
		Name: name,
		Served: served,
		Storage: storage,
		Deprecated: deprecated ?? false,
		DeprecationWarning: deprecationWarning ?? null,
		Schema: schema ?? null,
		Subresources: version.subresources ?? null,
		AdditionalPrinterColumns: version.additionalPrinterColumns ?? null,
		SelectableFields: version.selectableFields ?? null,
	}));
}

function* validateVersion(version: DefinitionVersion, path: string): Generator<FieldError> {
	const { name = '', deprecated, deprecationWarning } = version;
	if (checkDns1035Label(name).length > 0) yield invalid(`${path}.name`, name, checkDns1035Label(name).join(','));
	if (!deprecated && deprecationWarning !== undefined) {
		yield invalid(`${path}.deprecationWarning`, deprecationWarning, 'can only be set for deprecated versions');
	}
}

/** What all versions have in common is one with the definition itself, and told of as such. */
function* validateParts(versions: readonly DefinitionVersion[]): Generator<FieldError> {
	const isShared = (part: keyof DefinitionVersion) =>
		versions.every((each) => isEqual(each[part], versions[0]?.[part]));
	const [first] = versions;
	const take = <T>(part: keyof DefinitionVersion, name: string, read: (version: DefinitionVersion) => T) =>
		isShared(part)
			? first === undefined
				? []
				: [{ path: `spec.${name}`, value: read(first), version: first }]
			: versions.map((version, at) => ({ path: `spec.versions[${at}].${part}`, value: read(version), version }));
	for (const { path, value, version } of take('schema', 'validation', ({ schema }) => schema?.openAPIV3Schema)) {
		if (value) yield* validateSchema(value, `${path}.openAPIV3Schema`, version.subresources?.status !== undefined);
	}
	for (const { path, value } of take('subresources', 'subresources', ({ subresources }) => subresources?.scale)) {
		yield* validateScale(value, path);
	}
	const columns = 'additionalPrinterColumns';
	for (const { path, value = [] } of take(columns, columns, (version) => version[columns])) {
		for (const [at, column] of value.entries()) yield* validateColumn(column, `${path}[${at}]`);
	}
}

type Scale = NonNullable<NonNullable<DefinitionVersion['subresources']>['scale']>;

function* validateScale(scale: Scale | undefined, path: string): Generator<FieldError> {
	if (scale === undefined) return;
	const checks = [
		['specReplicasPath', /^\.spec\./, 'should be a json path under .spec'],
		['statusReplicasPath', /^\.status\./, 'should be a json path under .status'],
		['labelSelectorPath', /^\.(?:spec|status)\./, 'should be a json path under either .spec or .status'],
	] as const;
	for (const [name, pattern, text] of checks) {
		const value = scale[name] ?? '';
		const field = `${path}.scale.${name}`;
		if (value === '') {
			if (name !== 'labelSelectorPath') yield required(field);
		} else if (!value.startsWith('.')) yield invalid(field, value, 'must be a simple json path starting with .');
		else if (/[[\]]/.test(value)) yield invalid(field, value, 'must be a json path in the dot notation');
		else if (!pattern.test(value)) yield invalid(field, value, text);
	}
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function* validateColumn({ name, type, format, jsonPath }: PrinterColumn, path: string): Generator<FieldError> {
	if (!name) yield required(`${path}.name`);
	const oneOf = `must be one of ${columnTypes.join(',')}`;
	if (!type) yield required(`${path}.type`, oneOf);
	else if (!columnTypes.includes(type)) yield invalid(`${path}.type`, type, oneOf);
	if (format && !columnFormats.includes(format)) {
		yield invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`);
	}
	if (!jsonPath) yield required(`${path}.JSONPath`);
	else if (!jsonPath.startsWith('.')) {
		yield invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .');
	} else if (parseJsonPath(jsonPath) === null) {
		yield invalid(`${path}.JSONPath`, jsonPath, 'is an invalid path');
	}
}

function* validateNames(names: DefinitionNames | undefined, path: string): Generator<FieldError> {
	if (names === undefined) return;
	const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
	const mixed = 'may have mixed case, but should otherwise match: ';
	yield* checkName(plural, `${path}.plural`);
	yield* checkName(singular, `${path}.singular`);
	yield* checkName(kind, `${path}.kind`, mixed);
	yield* checkName(listKind, `${path}.listKind`, mixed);
	for (const [at, name] of shortNames.entries()) yield* checkName(name, `${path}.shortNames[${at}]`);
	if (kind && kind === listKind) {
		yield invalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same');
	}
	for (const [at, name] of categories.entries()) yield* checkName(name, `${path}.categories[${at}]`);
}

function* checkName(name: string | undefined, field: string, mixed = ''): Generator<FieldError> {
	if (!name) return;
	const faults = checkDns1035Label(mixed === '' ? name : name.toLowerCase());
	if (faults.length > 0) yield invalid(field, name, mixed + faults.join(','));
}

function* validateStoredVersions({ spec, status }: Definition): Generator<FieldError> {
	const stored = status?.storedVersions ?? [];
	const field = 'status.storedVersions';
	if (stored.length === 0) {
		yield invalid(field, null, 'must have at least one stored version');
		return;
	}
	const names = spec.versions.map(({ name }) => name);
	for (const [at, name] of stored.entries()) {
		if (names.includes(name)) continue;
		const text = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
		yield invalid(`${field}[${at}]`, name, text);
	}
}

const approval = 'api-approved.kubernetes.io';

/** Groups of the community are not for everybody. */
function* validateApproval({ spec, metadata }: Definition): Generator<FieldError> {
	if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(spec.group ?? '')) return;
	const value = metadata.annotations?.[approval] ?? '';
	const field = `metadata.annotations[${approval}]`;
	if (value === '') {
		const where = 'see https://github.com/kubernetes/enhancements/pull/1111';
		yield required(field, `protected groups must have approval annotation "${approval}", ${where}`);
	} else if (!value.startsWith('unapproved') && !/^https?:\/\/[^/]+/.test(value)) {
		const text = `protected groups must have approval annotation "${approval}" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`;
		yield invalid(field, value, text);
	}
}
