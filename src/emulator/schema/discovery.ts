/** Discovery: which groups, versions and resources there are, in the older form and the aggregated one. */

import { type RecordedGroupVersion, type RecordedResource, readResources } from './recording.ts';
import { splitGroupVersion } from './types.ts';

/** What there is beside what was recorded. */
type More = readonly RecordedGroupVersion[];

/** What `/api` answers; `serverAddress`: `127.0.0.1:6443`. */
export function describeCoreVersions(serverAddress: string): object {
	return {
		kind: 'APIVersions',
		versions: ['v1'],
		serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
	};
}

/** What `/apis` answers. */
export function describeGroups(more: More = []): object {
	return { kind: 'APIGroupList', apiVersion: 'v1', groups: listGroups(more).map(([name]) => formatGroup(name, more)) };
}

/** What `/apis/{group}` answers; null where there is no such group. */
export function describeGroup(group: string, more: More = []): object | null {
	if (group === '' || !listGroups(more).some(([name]) => name === group)) return null;
	return { kind: 'APIGroup', apiVersion: 'v1', ...formatGroup(group, more) };
}

/** What `/api/v1` and `/apis/{group}/{version}` answer; null where there is no such version. */
export function describeResources(groupVersion: string, more: More = []): object | null {
	const found = listResources(groupVersion, more);
	if (found.length === 0) return null;
	const resources = found.map(({ columns: _columns, schema: _schema, ...resource }) => resource);
	// The core list alone comes without an apiVersion, as the real one does.
	const head = groupVersion === 'v1' ? {} : { apiVersion: 'v1' };
	return { kind: 'APIResourceList', ...head, groupVersion, resources };
}

/** The APIGroupDiscoveryList that `/api` and `/apis` answer to whoever accepts `as=APIGroupDiscoveryList`. */
export function describeAll(root: 'api' | 'apis', more: More = []): object {
	const groups = root === 'api' ? [['', ['v1']] as const] : listGroups(more);
	const items = groups.map(([name, groupVersions]) => ({
		metadata: name === '' ? {} : { name },
		versions: groupVersions.map((groupVersion) => ({
			version: splitGroupVersion(groupVersion).version,
			resources: formatResources(groupVersion, more),
			freshness: 'Current',
		})),
	}));
	return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

/** Names of the groups beside the core one, each with its group-versions. */
function listGroups(more: More): [string, string[]][] {
	const groups = new Map<string, string[]>();
	for (const { groupVersion } of [...readResources(), ...more]) {
		const { group } = splitGroupVersion(groupVersion);
		const known = groups.get(group) ?? [];
		if (group !== '' && !known.includes(groupVersion)) groups.set(group, [...known, groupVersion]);
	}
	return [...groups];
}

/** A definition may add to a version that is there already. */
function listResources(groupVersion: string, more: More): RecordedResource[] {
	return [...readResources(), ...more]
		.filter((each) => each.groupVersion === groupVersion)
		.flatMap(({ resources }) => resources);
}

function formatGroup(name: string, more: More): object {
	const versions = (listGroups(more).find(([group]) => group === name)?.[1] ?? []).map((groupVersion) => ({
		groupVersion,
		version: splitGroupVersion(groupVersion).version,
	}));
	return { name, versions, preferredVersion: versions[0] };
}

function formatResources(groupVersion: string, more: More): object[] {
	const resources = listResources(groupVersion, more);
	// Only those of definitions say of which group their own kind is.
	const isCustom = more.some((each) => each.groupVersion === groupVersion);
	const own = isCustom ? splitGroupVersion(groupVersion) : {};
	return resources
		.filter(({ name }) => !name.includes('/'))
		.map((resource) => {
			const subresources = resources.filter(({ name }) => name.startsWith(`${resource.name}/`));
			return {
				resource: resource.name,
				responseKind: formatKind({ ...own, ...resource }),
				scope: resource.namespaced ? 'Namespaced' : 'Cluster',
				singularResource: resource.singularName,
				verbs: resource.verbs,
				...(resource.shortNames && { shortNames: resource.shortNames }),
				...(resource.categories && { categories: resource.categories }),
				...(subresources.length > 0 && {
					subresources: subresources.map((each) => formatSubresource({ ...own, ...each })),
				}),
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
