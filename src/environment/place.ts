/** From a lab's own manifest to the one for this environment: its names of namespaces and hosts, and its passwords. */

import type { LabRegistry } from '../model/lab.ts';
import type { KubeObject } from './apply.ts';
import type { CredentialsByHost } from './state-folder.ts';

export interface Names {
	/** The lab's → the ones to use here. */
	hosts: Record<string, string>;
	namespaces: Record<string, string>;
	registries: readonly LabRegistry[];
	/** By the lab's hosts. */
	credentials: CredentialsByHost;
}

/** Hosts in images and Secrets, users and passwords in the `stringData` of Secrets. */
export function placeObject(object: KubeObject, names: Names): KubeObject {
	const hosts = Object.entries(names.hosts).filter(([labHost, host]) => labHost !== host);
	const passwords = object.kind === 'Secret' ? listChanges(names) : [];
	const placed = mapStrings(object, (text) => replaceAll(text, [...hosts, ...passwords])) as KubeObject;
	const namespace = object.metadata.namespace ?? 'default';
	return { ...placed, metadata: { ...placed.metadata, namespace: names.namespaces[namespace] ?? namespace } };
}

function listChanges({ registries, credentials }: Names): [string, string][] {
	return registries.flatMap(({ host, username, password }): [string, string][] => {
		const given = credentials[host];
		if (given === undefined) return [];
		const changes: [string, string][] = [
			[JSON.stringify(username), JSON.stringify(given.username)],
			[JSON.stringify(password), JSON.stringify(given.password)],
		];
		return changes.filter(([before, after]) => before !== after);
	});
}

function replaceAll(text: string, changes: readonly [string, string][]): string {
	return changes.reduce((changed, [before, after]) => changed.replaceAll(before, after), text);
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map((each) => mapStrings(each, change));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapStrings(each, change)]));
}
