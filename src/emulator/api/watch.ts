/** Watches: what is there, what has been since, and what comes, as a stream of JSON lines. */

import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../object.ts';
import type { Core, Target } from '../operations/core.ts';
import { expired } from '../operations/errors.ts';
import { type ListOptions, listObjects, makeMatcher, parseRevision, requireRevision } from '../operations/read.ts';
import { fromStorage, storageType } from '../operations/versions.ts';
import { nameType } from '../resource-type.ts';
import { joinGroupVersion } from '../schema/index.ts';
import { StatusError } from '../status-error.ts';
import type { Change } from '../store.ts';
import type { View } from './accept.ts';
import { type Answer, answerJson, formatStatus, type StreamAnswer } from './answer.ts';
import { encodeObject, partOf } from './encode.ts';
import { isTrue, readInteger } from './options.ts';
import { SharedLines } from './shared-lines.ts';
import { formatTable } from './table.ts';
import { UnreadData } from './unread.ts';

interface WatchOptions extends ListOptions {
	hasBookmarks: boolean;
	sendsInitialEvents: boolean | undefined;
	/** 0: the server chooses. */
	timeoutSeconds: number;
}

const bookmarkEveryMs = 60_000;
/** Before its end a watch says where it stands, so that the next one can go on from there. */
const lastBookmarkMs = 2000;
/** The real server chooses between half an hour and an hour. */
const longestMs = 30 * 60_000;
/** Of every cluster in this process, whose memory it is. */
const unread = new UnreadData();
const shared = new SharedLines();

type Event = Pick<Change, 'type' | 'object'>;

export function answerWatch(core: Core, target: Target, list: ListOptions, view: View, query: URLSearchParams): Answer {
	const initial = query.get('sendInitialEvents');
	const options = {
		...list,
		hasBookmarks: isTrue(query.get('allowWatchBookmarks')),
		sendsInitialEvents: initial === null ? undefined : isTrue(initial),
		timeoutSeconds: readInteger(query, 'timeoutSeconds') ?? 0,
	};
	try {
		return watchObjects(core, target, options, view, query);
	} catch (error) {
		if (!(error instanceof StatusError) || (error.code !== 410 && error.code !== 504)) throw error;
		// A watch that cannot begin says so within its stream.
		return answerJson(200, { type: 'ERROR', object: formatStatus(error) });
	}
}

/** Throws 410 Gone where the beginning is no longer known, and 504 where it has not been yet. */
function watchObjects(
	core: Core,
	target: Target,
	options: WatchOptions,
	view: View,
	query: URLSearchParams,
): StreamAnswer {
	const { type } = target;
	const matches = makeMatcher(target, options);
	let isFirst = true;
	const show = (object: KubeObject): string => {
		if (view.as === 'object') return encodeObject(object);
		if (view.as !== 'Table') return JSON.stringify(partOf(object, view.version));
		const { resourceVersion } = object.metadata;
		const table = formatTable(
			{ type, version: view.version, query, now: core.clock.now() },
			[object],
			{ resourceVersion },
			isFirst,
		);
		isFirst = false;
		return JSON.stringify(table);
	};
	const format = ({ type, object }: Event): string => `{"type":"${type}","object":${show(object)}}\n`;
	const name = `${nameType(type)} ${type.version} ${view.as === 'object' ? '' : view.version}`;
	const formatChange = (change: Change): string | Buffer | null => {
		const event = seenFrom(change, type, matches);
		if (event === null) return null;
		// A table has its columns only in the first line that its reader is sent.
		if (view.as === 'Table') return format(event);
		return shared.find(change, `${name} ${event.type}`, () => format(event));
	};
	const bookmark = (annotations?: Record<string, string>): string => {
		const metadata = { resourceVersion: String(core.store.revision), ...(annotations && { annotations }) };
		const object = { kind: type.kind, apiVersion: joinGroupVersion(type), metadata };
		return `{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n`;
	};

	const beginning = startOf(core, target, options)
		.map((change) => seenFrom(change, type, matches))
		.map((event) => (event === null ? '' : format(event)))
		.join('');
	const endsBeginning = options.sendsInitialEvents && options.hasBookmarks;
	let initial = beginning + (endsBeginning ? bookmark({ 'k8s.io/initial-events-end': 'true' }) : '');
	return {
		stream(response) {
			response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
			response.flushHeaders();
			if (initial !== '') response.write(initial);
			// It may be large, and a watch may live long.
			initial = '';
			unread.add(response);
			const stop = core.store.watch((change) => {
				if (change.key.type !== storageType(type)) return;
				send(response, () => formatChange(change));
			});
			// These belong to the connection, not to the cluster's time: a clock that jumps must not end it.
			const limit = options.timeoutSeconds > 0 ? options.timeoutSeconds * 1000 : longestMs;
			const mark = () => response.write(bookmark());
			const bookmarks = options.hasBookmarks ? setInterval(mark, bookmarkEveryMs) : undefined;
			const lastBookmark = options.hasBookmarks ? setTimeout(mark, Math.max(0, limit - lastBookmarkMs)) : undefined;
			const end = setTimeout(() => response.end(), limit);
			response.once('close', () => {
				stop();
				unread.remove(response);
				clearInterval(bookmarks);
				clearTimeout(lastBookmark);
				clearTimeout(end);
			});
		},
	};
}

/** Where it fails, this watcher must come again: it is not the fault of who has just written something. */
function send(response: ServerResponse, format: () => string | Buffer | null): void {
	try {
		const line = format();
		if (line === null) return;
		response.write(line);
		unread.check(response);
	} catch {
		response.destroy();
	}
}

/** A change as a watch with selectors sees it: what comes to match has been added, what no longer does is deleted. */
function seenFrom(
	{ type, object, previous }: Pick<Change, 'type' | 'object' | 'previous'>,
	resource: Target['type'],
	matches: (object: KubeObject) => boolean,
): Event | null {
	const now = fromStorage(resource, object);
	const before = previous === null ? null : fromStorage(resource, previous);
	const did = before !== null && matches(before);
	if (type === 'DELETED') return did || matches(now) ? { type, object: now } : null;
	const does = matches(now);
	if (does) return { type: did ? 'MODIFIED' : 'ADDED', object: now };
	if (!did) return null;
	const last = { ...before, metadata: { ...before.metadata, resourceVersion: now.metadata.resourceVersion as string } };
	return { type: 'DELETED', object: last };
}

function startOf(
	core: Core,
	target: Target,
	options: WatchOptions,
): readonly Pick<Change, 'type' | 'object' | 'previous'>[] {
	const { resourceVersion, sendsInitialEvents } = options;
	const isFromNow = resourceVersion === '' || resourceVersion === '0';
	if (sendsInitialEvents && !isFromNow) requireRevision(core.store.revision, parseRevision(resourceVersion));
	if (sendsInitialEvents ?? isFromNow) {
		const everything = { limit: 0, continue: '', resourceVersion: '', resourceVersionMatch: '' };
		const { items } = listObjects(core, target, { ...options, ...everything });
		return items.map((object) => ({ type: 'ADDED', object, previous: null }));
	}
	if (isFromNow) return [];
	const changes = core.store.changesSince(parseRevision(resourceVersion), storageType(target.type));
	if (changes === null) throw expired(`too old resource version: ${resourceVersion} (${core.store.revision})`);
	return changes;
}
