/** Reading: one object, or a list with selectors, pages and a moment of the past. */

import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import { describeJsonFault } from '../validation/go-json.ts';
import type { Core, Target } from './core.ts';
import { badRequest, expired, notFound, unknown } from './errors.ts';
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

/** `minimum`: the revision that whoever asks has seen already. Throws 404, 500 and 504. */
export function getObject({ store }: Core, { type, namespace, name }: Target, minimum = ''): KubeObject {
	if (minimum !== '') requireRevision(store.revision, parseRevision(minimum));
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
	const rest = page === null ? everything : everything.filter((object) => placeOf(object, target) >= page.start);
	const items = rest.filter(matches);

	if (options.limit === 0 || items.length <= options.limit || isFromCache(options)) return { items, revision };
	const kept = items.slice(0, options.limit);
	const last = kept[kept.length - 1] as KubeObject;
	// As etcd's lists: how many remain is known only where nothing was filtered out.
	const hasSelector = options.labelSelector !== '' || options.fieldSelector !== '';
	return {
		items: kept,
		revision,
		continue: encodeContinue(revision, `${placeOf(last, target)}\0`),
		...(!hasSelector && { remaining: items.length - kept.length }),
	};
}

/** What is answered from the cache comes whole. */
function isFromCache({ resourceVersion, resourceVersionMatch, continue: token }: ListOptions): boolean {
	return resourceVersion === '0' && resourceVersionMatch === '' && token === '';
}

function chooseRevision({ store }: Core, options: ListOptions): number {
	if (options.resourceVersion === '' || options.resourceVersion === '0') return store.revision;
	const wanted = parseListRevision(options.resourceVersion);
	requireRevision(store.revision, wanted);
	return options.resourceVersionMatch === 'Exact' ? wanted : store.revision;
}

/** Throws 504. */
export function requireRevision(current: number, wanted: number): void {
	if (wanted <= current) return;
	throw new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
		causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
		retryAfterSeconds: 1,
	});
}

/** Throws 500, as whatever the server did not foresee. */
export function parseRevision(text: string): number {
	if (/^\d+$/.test(text)) return Number(text);
	throw unknown(describeRevisionFault(text));
}

/** Throws 400. */
function parseListRevision(text: string): number {
	if (/^\d+$/.test(text)) return Number(text);
	throw badRequest(`invalid resource version: ${describeRevisionFault(text)}`);
}

function describeRevisionFault(text: string): string {
	const quoted = JSON.stringify(text);
	return `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
}

const inconsistent =
	'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

function expiredList({ continue: token }: ListOptions): StatusError {
	if (token === '') return expired('The resourceVersion for the provided list is too old.');
	return expired(inconsistent, encodeContinue(-1, decodeContinue(token).start));
}

/** Undoes what has happened since. */
function readAt({ store }: Core, { type, namespace }: Target, revision: number, options: ListOptions) {
	const stored = storageType(type);
	if (revision === store.revision) return readNow(store, stored, namespace, options);
	const changes = store.changesSince(revision, stored);
	if (changes === null) throw expiredList(options);
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

/** Its key below the list's, which is what a page begins after. */
function placeOf(object: KubeObject, { namespace }: Target): string {
	return namespace === '' ? `/${keyOf(object)}` : object.metadata.name;
}

const tokenVersion = 'meta.k8s.io/v1';

function encodeContinue(rv: number, start: string): string {
	return Buffer.from(JSON.stringify({ v: tokenVersion, rv, start })).toString('base64url');
}

/** `revision` null: of whatever moment there is. Throws 400. */
function decodeContinue(token: string): { revision: number | null; start: string } {
	const { v, rv, start } = readToken(token);
	if (v !== tokenVersion) throw invalidToken(`server does not recognize this encoded version ${v}`);
	if (rv === 0) throw invalidToken(`incorrect encoded start resourceVersion (version ${v})`);
	if (start === '') throw invalidToken(`encoded start key empty (version ${v})`);
	return { revision: rv < 0 ? null : rv, start };
}

function readToken(token: string): { v: string; rv: number; start: string } {
	const bytes = Buffer.from(token, 'base64url');
	const fault = describeJsonFault(bytes);
	if (fault !== null) throw invalidToken(fault);
	const { v = '', rv = 0, start = '' } = JSON.parse(bytes.toString()) as { v?: string; rv?: number; start?: string };
	return { v, rv, start };
}

function invalidToken(why: string): StatusError {
	return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}

/** The name of the type as its key in the store. */
export function keyFor({ type, namespace, name }: Target) {
	return { type: storageType(type), namespace, name };
}
