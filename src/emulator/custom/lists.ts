/** Custom resources as discovery lists them. */

import { createHash } from 'node:crypto';
import { nameType, type ResourceType } from '../resource-type.ts';
import type { RecordedGroupVersion, RecordedResource } from '../schema/index.ts';
import { listCustomTypes, type Source } from './types.ts';
import { compareVersions } from './versions.ts';

/** Groups by name, their versions in order of preference. */
export function listCustomResources(source: Source): RecordedGroupVersion[] {
	const lists = new Map<string, ResourceType[]>();
	for (const type of listCustomTypes(source)) {
		const groupVersion = `${type.group}/${type.version}`;
		lists.set(groupVersion, [...(lists.get(groupVersion) ?? []), type]);
	}
	return [...lists]
		.sort(([, [a]], [, [b]]) => compareTypes(a as ResourceType, b as ResourceType))
		.map(([groupVersion, types]) => ({
			groupVersion,
			resources: types.sort((a, b) => (nameType(a) < nameType(b) ? -1 : 1)).flatMap(describeType),
		}));
}

function compareTypes(a: ResourceType, b: ResourceType): number {
	if (a.group !== b.group) return a.group < b.group ? -1 : 1;
	return compareVersions(a.version, b.version);
}

/** Clients tell by it whether objects are kept in another version now. */
function hashStorageVersion({ group, custom, kind }: ResourceType): string {
	const name = `${group}/${custom?.storageVersion}/${kind}`;
	return createHash('sha256').update(name).digest().subarray(0, 8).toString('base64');
}

function describeType(type: ResourceType): RecordedResource[] {
	const { resource, singular, isNamespaced, kind, verbs, shortNames, categories, subresources } = type;
	const own = {
		name: resource,
		singularName: singular,
		namespaced: isNamespaced,
		kind,
		verbs,
		...(shortNames.length > 0 && { shortNames }),
		...(categories.length > 0 && { categories }),
		storageVersionHash: hashStorageVersion(type),
	};
	const parts = subresources.map((part) => ({
		name: `${resource}/${part.name}`,
		singularName: '',
		namespaced: isNamespaced,
		...(part.group !== type.group && { group: part.group, version: part.version }),
		kind: part.kind,
		verbs: part.verbs,
	}));
	return [own, ...parts];
}
