/** Objects of any kind, found by way of what the API server says that it serves. */

import { LabError } from '../model/error.ts';
import type { ResourceFacts, ResourceQuery } from '../model/evidence.ts';
import { deepest, isTooDeep } from '../model/nesting.ts';
import { type Access, isNamespaceAbsent } from './access.ts';
import type { List, ObjectMeta } from './objects.ts';
import { listCredentialTexts, withoutSecrets } from './without-secrets.ts';

interface ServedResource {
	/** The plural; a subresource has a slash in it. */
	name: string;
	kind: string;
	namespaced: boolean;
}

interface Found {
	metadata: ObjectMeta;
}

/** A check over more objects than this asks for something else. */
const mostObjects = 100;

export async function observeResource(query: ResourceQuery, access: Access): Promise<ResourceFacts> {
	const { apiVersion, resource: kind, namespace, name, selector } = query;
	const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
	const served = (await access.read<{ resources: ServedResource[] }>(root))?.resources ?? [];
	const known = served.find((candidate) => candidate.kind === kind && !candidate.name.includes('/'));
	const nothing = { isKindUnknown: false, isNamespaced: false, isNamespaceAbsent: false, objects: [], siblings: [] };
	if (known === undefined) return { ...nothing, isKindUnknown: true };

	const folder = `${root}${known.namespaced ? `/namespaces/${namespace}` : ''}/${known.name}`;
	const facts = { ...nothing, isNamespaced: known.namespaced };
	const found = name === null ? await list(access, folder, selector ?? '') : await getOne(access, folder, name);
	if (found.length > 0) {
		refuseTooDeep(kind, found);
		const secrets = listCredentialTexts(access.registries);
		return { ...facts, objects: found.map((object) => withoutSecrets({ apiVersion, kind, ...object }, secrets)) };
	}
	if (known.namespaced && (await isNamespaceAbsent(access, namespace))) return { ...facts, isNamespaceAbsent: true };
	if (name === null) return facts;
	const others = await access.read<List<Found>>(`${folder}?limit=500`);
	return { ...facts, siblings: (others?.items ?? []).map(({ metadata }) => metadata.name) };
}

/** Somebody made it so; what cannot be judged is not looked at. */
function refuseTooDeep(kind: string, found: readonly Found[]): void {
	const object = found.find(isTooDeep);
	if (object === undefined) return;
	throw new LabError({
		code: 'object-too-deep',
		message: `${kind} ${object.metadata.name} is nested more than ${deepest} levels deep.`,
		remedy: 'Make the object anew, without what is nested in it.',
	});
}

async function getOne(access: Access, folder: string, name: string): Promise<Found[]> {
	const object = await access.read<Found>(`${folder}/${encodeURIComponent(name)}`);
	return object === null ? [] : [object];
}

async function list(access: Access, folder: string, selector: string): Promise<Found[]> {
	const path = `${folder}?labelSelector=${encodeURIComponent(selector)}&limit=${mostObjects + 1}`;
	const items = (await access.read<List<Found>>(path))?.items ?? [];
	if (items.length <= mostObjects) return items;
	throw new LabError({
		code: 'too-many-objects',
		message: `More than ${mostObjects} objects have the labels ${selector}.`,
		remedy: 'Delete those that are not of this lab.',
	});
}
