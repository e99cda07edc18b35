/** Discovery: which groups, versions and resources there are, in the older form and the aggregated one. */

import { type RecordedResource, readResources } from './recording.ts';
import { splitGroupVersion } from './types.ts';

/** What `/api` answers; `serverAddress`: `127.0.0.1:6443`. */
export function describeCoreVersions(serverAddress: string): object {
	return {
		kind: 'APIVersions',
		versions: ['v1'],
		serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
	};
}

/** What `/apis` answers. */
export function describeGroups(): object {
	return { kind: 'APIGroupList', apiVersion: 'v1', groups: listGroups().map(([name]) => formatGroup(name)) };
}

/** What `/apis/{group}` answers; null where there is no such group. */
export function describeGroup(group: string): object | null {
	if (group === '' || !listGroups().some(([name]) => name === group)) return null;
	return { kind: 'APIGroup', apiVersion: 'v1', ...formatGroup(group) };
}

/** What `/api/v1` and `/apis/{group}/{version}` answer; null where there is no such version. */
export function describeResources(groupVersion: string): object | null {
	const found = readResources().find((each) => each.groupVersion === groupVersion);
	if (found === undefined) return null;
	const resources = found.resources.map(({ columns: _columns, schema: _schema, ...resource }) => resource);
	// The core list alone comes without an apiVersion, as the real one does.
	const head = groupVersion === 'v1' ? {} : { apiVersion: 'v1' };
	return { kind: 'APIResourceList', ...head, groupVersion, resources };
}

/** The APIGroupDiscoveryList that `/api` and `/apis` answer to whoever accepts `as=APIGroupDiscoveryList`. */
export function describeAll(root: 'api' | 'apis', version: 'v2' | 'v2beta1' = 'v2'): object {
	const groups = root === 'api' ? [['', ['v1']] as const] : listGroups();
	const items = groups.map(([name, groupVersions]) => ({
		metadata: name === '' ? {} : { name },
		versions: groupVersions.map((groupVersion) => ({
			version: splitGroupVersion(groupVersion).version,
			resources: formatResources(groupVersion),
			freshness: 'Current',
		})),
	}));
	return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
}

/** Names of the groups beside the core one, each with its group-versions. */
function listGroups(): [string, string[]][] {
	const groups = new Map<string, string[]>();
	for (const { groupVersion } of readResources()) {
		const { group } = splitGroupVersion(groupVersion);
		if (group !== '') groups.set(group, [...(groups.get(group) ?? []), groupVersion]);
	}
	return [...groups];
}

function formatGroup(name: string): object {
	const versions = (listGroups().find(([group]) => group === name)?.[1] ?? []).map((groupVersion) => ({
		groupVersion,
		version: splitGroupVersion(groupVersion).version,
	}));
	return { name, versions, preferredVersion: versions[0] };
}

function formatResources(groupVersion: string): object[] {
	const resources = readResources().find((each) => each.groupVersion === groupVersion)?.resources ?? [];
	return resources
		.filter(({ name }) => !name.includes('/'))
		.map((resource) => {
			const subresources = resources.filter(({ name }) => name.startsWith(`${resource.name}/`));
			return {
				resource: resource.name,
				responseKind: formatKind(resource),
				scope: resource.namespaced ? 'Namespaced' : 'Cluster',
				singularResource: resource.singularName,
				verbs: resource.verbs,
				...(resource.shortNames && { shortNames: resource.shortNames }),
				...(resource.categories && { categories: resource.categories }),
				...(subresources.length > 0 && { subresources: subresources.map(formatSubresource) }),
			};
		});
}

function formatSubresource(resource: RecordedResource): object {
	const subresource = resource.name.slice(resource.name.indexOf('/') + 1);
	return { subresource, responseKind: formatKind(resource), verbs: resource.verbs };
}

function formatKind({ group = '', version = '', kind }: RecordedResource): object {
	return { group, version, kind };
}
