/** Types that are one and the same in the store, seen through several group versions: events, and custom resources. */

import { showCustom, storeCustom } from '../custom/stored.ts';
import type { KubeObject } from '../object.ts';
import { nameType, type ResourceType, type TypeName } from '../resource-type.ts';

const eventsOfGroup = 'events.events.k8s.io';

/** Under which name objects of this type are kept. */
export function storageType(type: ResourceType): TypeName {
	const name = nameType(type);
	return name === eventsOfGroup ? 'events' : name;
}

/** An object as this type shows it. */
export function fromStorage(type: ResourceType, object: KubeObject): KubeObject {
	if (type.custom !== undefined) return showCustom(type, type.custom, object);
	return nameType(type) === eventsOfGroup ? rename(object, type, toGroup) : object;
}

/** An object of this type as it is kept. */
export function toStorage(type: ResourceType, object: KubeObject): KubeObject {
	if (type.custom !== undefined) return storeCustom(type, type.custom, object);
	return nameType(type) === eventsOfGroup ? rename(object, { group: '', version: 'v1' }, toCore) : object;
}

/** Core's field → the field of events.k8s.io. */
const toGroup: Record<string, string> = {
	involvedObject: 'regarding',
	message: 'note',
	source: 'deprecatedSource',
	firstTimestamp: 'deprecatedFirstTimestamp',
	lastTimestamp: 'deprecatedLastTimestamp',
	count: 'deprecatedCount',
	reportingComponent: 'reportingController',
};

const toCore = Object.fromEntries(Object.entries(toGroup).map(([core, group]) => [group, core]));

function rename(
	object: KubeObject,
	{ group, version }: Pick<ResourceType, 'group' | 'version'>,
	names: Record<string, string>,
): KubeObject {
	const fields = Object.entries(object).map(([field, value]) => [names[field] ?? field, value]);
	return { ...Object.fromEntries(fields), apiVersion: group === '' ? version : `${group}/${version}` } as KubeObject;
}
