/** The resources that the established definitions make. */

import type { KubeObject } from '../object.ts';
import { nameType, type ResourceType, type Subresource, type TypeName } from '../resource-type.ts';
import type { CustomType } from './custom-type.ts';
import {
	type Definition,
	type DefinitionVersion,
	definitionType,
	isConditionTrue,
	type PrinterColumn,
} from './definition.ts';
import { typeSchema } from './typed-schema.ts';
import { compareVersions } from './versions.ts';

/** What definitions are listed from. */
export interface Source {
	list(type: TypeName, namespace: null): readonly KubeObject[];
}

const read = new WeakMap<KubeObject, readonly ResourceType[]>();

/** Of every definition's served versions, the first choice first. */
export function listCustomTypes(source: Source): readonly ResourceType[] {
	return source.list(definitionType, null).flatMap((definition) => {
		const known = read.get(definition) ?? readTypes(definition as Definition);
		read.set(definition, known);
		return known;
	});
}

export function findCustomType(source: Source, group: string, version: string, resource: string): ResourceType | null {
	return (
		listCustomTypes(source).find(
			(type) => type.resource === resource && type.group === group && type.version === version,
		) ?? null
	);
}

/** `widgets.example.com`: in the group's preferred version. */
export function findCustomTypeNamed(source: Source, name: TypeName): ResourceType | null {
	return listCustomTypes(source).find((type) => nameType(type) === name) ?? null;
}

/** `example.com/v1`, `Widget` */
export function findCustomKind(source: Source, apiVersion: string, kind: string): ResourceType | null {
	return (
		listCustomTypes(source).find((type) => type.kind === kind && `${type.group}/${type.version}` === apiVersion) ?? null
	);
}

function readTypes(definition: Definition): readonly ResourceType[] {
	if (!isConditionTrue(definition, 'Established')) return [];
	const served = definition.spec.versions.filter((version) => version.served);
	return served.sort((a, b) => compareVersions(a.name, b.name)).map((version) => readType(definition, version));
}

function readType(definition: Definition, version: DefinitionVersion): ResourceType {
	const { spec, status } = definition;
	const { group, scope } = spec;
	const names = status?.acceptedNames ?? spec.names;
	const isTerminating = isConditionTrue(definition, 'Terminating');
	const reading = ['delete', 'deletecollection', 'get', 'list'];
	const schema = nameSchema(group, version.name, names.kind);
	return {
		group,
		version: version.name,
		resource: names.plural,
		singular: names.singular ?? '',
		kind: names.kind,
		isNamespaced: scope === 'Namespaced',
		shortNames: names.shortNames ?? [],
		categories: names.categories ?? [],
		verbs: isTerminating ? [...reading, 'watch'] : [...reading, 'patch', 'create', 'update', 'watch'],
		subresources: readSubresources(definition, version, schema),
		schema,
		custom: readCustom(definition, version, isTerminating),
	};
}

/** `com.example.v1.Widget` */
function nameSchema(group: string, version: string, kind: string): string {
	return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

function readSubresources({ spec }: Definition, version: DefinitionVersion, schema: string): Subresource[] {
	const verbs = ['get', 'patch', 'update'];
	const { status, scale } = version.subresources ?? {};
	const own = { group: spec.group, version: version.name, kind: spec.names.kind, verbs, schema };
	const scaling = { group: 'autoscaling', version: 'v1', kind: 'Scale', schema: 'io.k8s.api.autoscaling.v1.Scale' };
	return [...(status ? [{ name: 'status', ...own }] : []), ...(scale ? [{ name: 'scale', verbs, ...scaling }] : [])];
}

function readCustom(definition: Definition, version: DefinitionVersion, isTerminating: boolean): CustomType {
	const { spec } = definition;
	const schema = version.schema?.openAPIV3Schema ?? {};
	const { status, scale } = version.subresources ?? {};
	const deprecation = describeDeprecation(definition, version);
	return {
		listKind: spec.names.listKind ?? `${spec.names.kind}List`,
		schema,
		typed: typeSchema(schema),
		storageVersion: spec.versions.find(({ storage }) => storage)?.name ?? version.name,
		columns: version.additionalPrinterColumns?.length ? version.additionalPrinterColumns : [age],
		hasStatus: status !== undefined,
		...(scale && { scale }),
		selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
		...(deprecation !== undefined && { deprecation }),
		isTerminating,
	};
}

const age: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: '' };

function describeDeprecation({ spec }: Definition, { name, deprecated, deprecationWarning }: DefinitionVersion) {
	if (!deprecated) return undefined;
	if (deprecationWarning !== undefined) return deprecationWarning;
	const { group, names, versions } = spec;
	const [best] = versions
		.filter((each) => each.served && !each.deprecated && compareVersions(each.name, name) < 0)
		.sort((a, b) => compareVersions(a.name, b.name));
	const instead = best === undefined ? '' : `; use ${group}/${best.name} ${names.kind}`;
	return `${group}/${name} ${names.kind} is deprecated${instead}`;
}
