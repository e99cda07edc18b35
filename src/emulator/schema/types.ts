/** The kinds of resources that the recorded API server serves. */

import { nameType, type ResourceType, type Subresource, type TypeName } from '../resource-type.ts';
import { type RecordedColumn, type RecordedResource, readResources } from './recording.ts';

interface Index {
	types: readonly ResourceType[];
	byPath: ReadonlyMap<string, ResourceType>;
	byKind: ReadonlyMap<string, ResourceType>;
	byName: ReadonlyMap<TypeName, ResourceType>;
}

let index: Index | undefined;

/** In the order of discovery: the core group first, each group's preferred version before its others. */
export function resourceTypes(): readonly ResourceType[] {
	return readIndex().types;
}

export function findType(group: string, version: string, resource: string): ResourceType | null {
	return readIndex().byPath.get(`${group}/${version}/${resource}`) ?? null;
}

/** `apps/v1`, `Deployment` */
export function findKind(apiVersion: string, kind: string): ResourceType | null {
	return readIndex().byKind.get(`${apiVersion}/${kind}`) ?? null;
}

/** `pods`, `deployments.apps`: in the group's preferred version. */
export function findTypeNamed(name: TypeName): ResourceType | null {
	return readIndex().byName.get(name) ?? null;
}

/** Columns of its table, in its preferred version; none where it cannot be listed. */
export function readColumns(name: TypeName): readonly RecordedColumn[] {
	const type = findTypeNamed(name);
	if (type === null) return [];
	const list = readResources().find(({ groupVersion }) => groupVersion === joinGroupVersion(type));
	return list?.resources.find((resource) => resource.name === type.resource)?.columns ?? [];
}

export function joinGroupVersion({ group, version }: { group: string; version: string }): string {
	return group === '' ? version : `${group}/${version}`;
}

export function splitGroupVersion(groupVersion: string): { group: string; version: string } {
	const [version = '', group = ''] = groupVersion.split('/').reverse();
	return { group, version };
}

function readIndex(): Index {
	index ??= buildIndex(readResources().flatMap(({ groupVersion, resources }) => readTypes(groupVersion, resources)));
	return index;
}

function readTypes(groupVersion: string, resources: readonly RecordedResource[]): ResourceType[] {
	const { group, version } = splitGroupVersion(groupVersion);
	return resources
		.filter(({ name }) => !name.includes('/'))
		.map((recorded) => ({
			group,
			version,
			resource: recorded.name,
			singular: recorded.singularName,
			kind: recorded.kind,
			isNamespaced: recorded.namespaced,
			shortNames: recorded.shortNames ?? [],
			categories: recorded.categories ?? [],
			verbs: recorded.verbs,
			subresources: resources
				.filter(({ name }) => name.startsWith(`${recorded.name}/`))
				.map((each) => readSubresource(each, group, version)),
			schema: recorded.schema ?? '',
		}));
}

function readSubresource(recorded: RecordedResource, group: string, version: string): Subresource {
	return {
		name: recorded.name.slice(recorded.name.indexOf('/') + 1),
		group: recorded.group ?? group,
		version: recorded.version ?? version,
		kind: recorded.kind,
		verbs: recorded.verbs,
		schema: recorded.schema ?? '',
	};
}

function buildIndex(types: readonly ResourceType[]): Index {
	const byPath = new Map<string, ResourceType>();
	const byKind = new Map<string, ResourceType>();
	const byName = new Map<TypeName, ResourceType>();
	for (const type of types) {
		byPath.set(`${type.group}/${type.version}/${type.resource}`, type);
		byKind.set(`${joinGroupVersion(type)}/${type.kind}`, type);
		if (!byName.has(nameType(type))) byName.set(nameType(type), type);
	}
	return { types, byPath, byKind, byName };
}
