/** Reading: one object, or a list with selectors, pages and a moment of the past. */

import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import type { Core, Target } from './core.ts';
import { badRequest, expired, notFound } from './errors.ts';
import { findSelectedName, parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';
import { fromStorage, storageType } from './versions.ts';

export interface ListOptions {
	labelSelector: string;
	fieldSelector: string;
	/** 0: no limit. */
	limit: number;
	continue: string;
	resourceVersion: string;
	resourceVersionMatch: string;
}

export interface ListResult {
	items: KubeObject[];
	revision: number;
	/** Where the next page begins. */
	continue?: string;
	remaining?: number;
}

export function getObject({ store }: Core, { type, namespace, name }: Target): KubeObject {
	const found = store.get({ type: storageType(type), namespace, name });
	if (found === null) throw notFound(type, name);
	return fromStorage(type, found);
}

/** Whether an object belongs to a list or a watch. */
export function makeMatcher(target: Target, options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>) {
	const { type, namespace, name } = target;
	const matchLabels = options.labelSelector === '' ? null : parseLabelSelector(options.labelSelector);
	const matchFields = options.fieldSelector === '' ? null : parseFieldSelector(type, options.fieldSelector);
	return (object: KubeObject): boolean =>
		(namespace === '' || object.metadata.namespace === namespace) &&
		(name === '' || object.metadata.name === name) &&
		(matchLabels === null || matchLabels(object.metadata.labels)) &&
		(matchFields === null || matchFields(object));
}

export function listObjects(core: Core, target: Target, options: ListOptions): ListResult {
	const { type } = target;
	const matches = makeMatcher(target, options);
	const page = options.continue === '' ? null : decodeContinue(options.continue);
	if (page !== null && options.resourceVersion !== '' && options.resourceVersion !== '0') {
		throw badRequest('specifying resource version is not allowed when using continue');
	}
	const revision = page?.revision ?? chooseRevision(core, options);
	const everything = readAt(core, target, revision, options).map((object) => fromStorage(type, object));
	const rest = page === null ? everything : everything.filter((object) => keyOf(object) >= page.start);
	const items = rest.filter(matches);

	if (options.limit === 0 || items.length <= options.limit) return { items, revision };
	const kept = items.slice(0, options.limit);
	const next = items[options.limit] as KubeObject;
	// As etcd's lists: how many remain is known only where nothing was filtered out.
	const hasSelector = options.labelSelector !== '' || options.fieldSelector !== '';
	return {
		items: kept,
		revision,
		continue: encodeContinue(revision, keyOf(next)),
		...(!hasSelector && { remaining: items.length - kept.length }),
	};
}

function chooseRevision({ store }: Core, options: ListOptions): number {
	if (options.resourceVersion === '' || options.resourceVersion === '0') return store.revision;
	const wanted = parseRevision(options.resourceVersion, 'invalid resource version: ');
	if (wanted > store.revision) throw tooLarge(wanted, store.revision);
	return options.resourceVersionMatch === 'Exact' ? wanted : store.revision;
}

function tooLarge(wanted: number, current: number) {
	return new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
		causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
		retryAfterSeconds: 1,
	});
}

/** Throws 400. */
export function parseRevision(text: string, prefix = ''): number {
	if (/^\d+$/.test(text)) return Number(text);
	const why = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
	throw badRequest(prefix + why);
}

/** Undoes what has happened since. */
function readAt({ store }: Core, { type, namespace }: Target, revision: number, options: ListOptions) {
	const stored = storageType(type);
	if (revision === store.revision) return readNow(store, stored, namespace, options);
	const changes = store.changesSince(revision, stored);
	if (changes === null)
		throw expired('The provided continue parameter is too old to display a consistent list result.');
	const objects = new Map(store.list(stored, namespace || null).map((object) => [keyOf(object), object]));
	for (const change of changes.toReversed()) {
		if (namespace !== '' && change.key.namespace !== namespace) continue;
		if (change.previous === null) objects.delete(keyOf(change.object));
		else objects.set(keyOf(change.object), change.previous);
	}
	return [...objects.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

function readNow(store: Core['store'], type: string, namespace: string, options: ListOptions): readonly KubeObject[] {
	const name = findSelectedName(options.fieldSelector);
	if (name === undefined || namespace === '') return store.list(type, namespace || null);
	const found = store.get({ type, namespace, name });
	return found === null ? [] : [found];
}

function keyOf({ metadata }: KubeObject): string {
	return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

function encodeContinue(rv: number, start: string): string {
	return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start })).toString('base64url');
}

function decodeContinue(token: string): { revision: number; start: string } {
	try {
		const { v, rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
		if (v === 'meta.k8s.io/v1' && typeof rv === 'number' && typeof start === 'string') return { revision: rv, start };
	} catch {
		// Said below.
	}
	throw badRequest('invalid continue token: continue key is not valid: encoded continue token is not valid');
}

/** The name of the type as its key in the store. */
export function keyFor({ type, namespace, name }: Target) {
	return { type: storageType(type), namespace, name };
}
