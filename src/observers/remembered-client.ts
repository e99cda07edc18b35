/** Reads that are answered from memory until a watch tells that what was read has changed. */

import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/kube-error.ts';
import { watchCollection } from '../kube/watch-collection.ts';

export interface RememberedClient extends KubeClient {
	/** Rejects with what ends one of the watches, as `watchCollection` does; never resolves. */
	readonly ended: Promise<never>;
}

export interface RememberedClientOptions {
	signal: AbortSignal;
	/** Told of every path whose answer may be another one from now on. */
	onForget(path: string): void;
}

/** Watches each collection from its first read on. */
export function rememberReads(client: KubeClient, { signal, onForget }: RememberedClientOptions): RememberedClient {
	const answers = new Map<string, Promise<unknown>>();
	const watches = new Map<string, Promise<void>>();
	let fail: (reason: unknown) => void = () => {};
	const ended = new Promise<never>((_resolve, reject) => {
		fail = reject;
	});

	async function get(path: string): Promise<unknown> {
		const known = answers.get(path);
		if (known !== undefined) return known;
		const answer = ask(path);
		answers.set(path, answer);
		// What could not be read is asked for again, but for what is not there: that it comes is told.
		answer.catch((error) => {
			if (!isNotFound(error) && answers.get(path) === answer) answers.delete(path);
		});
		return answer;
	}

	/** The watch begins before the read, so that no change can fall between the two. */
	async function ask(path: string): Promise<unknown> {
		const { collection } = locate(path);
		if (collection !== null) await watch(collection);
		return client.get(path, { signal });
	}

	function watch(collection: string): Promise<void> {
		const known = watches.get(collection);
		if (known !== undefined) return known;
		const watching = watchCollection(client, collection, {
			signal,
			onChange: (name) => forget(collection, name),
		});
		watching.ended.catch(fail);
		const ready = Promise.race([watching.ready, watching.ended]);
		watches.set(collection, ready);
		return ready;
	}

	function forget(collection: string, name: string | null): void {
		for (const path of answers.keys()) {
			const place = locate(path);
			if (place.collection !== collection) continue;
			if (name !== null && place.name !== null && place.name !== name) continue;
			answers.delete(path);
			onForget(path);
		}
	}

	return {
		...client,
		get date() {
			return client.date;
		},
		get: (path) => get(path),
		ended,
	};
}

interface Place {
	/** The path to watch; null: it does not change. */
	collection: string | null;
	/** Null: the whole collection, or what a selector chooses from it. */
	name: string | null;
}

/** Which kinds a group has changes only with these, and only in groups that are not Kubernetes' own. */
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/**
 * Whoever may read one object that is in no namespace may not watch all of its kind, so such an object is watched alone;
 * so is what a selector chooses across namespaces.
 */
function locate(path: string): Place {
	const [bare = '', query] = path.split('?');
	const [, root = '', namespace, rest = ''] =
		/^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+(?=\/))?(.*)$/.exec(bare) ?? [];
	const [, plural, name] = rest.split('/');
	if (plural === undefined) return { collection: isOwnGroup(root) ? null : definitions, name: null };
	const folder = `${root}${namespace ?? ''}/${plural}`;
	if (namespace !== undefined)
		return { collection: folder, name: name === undefined ? null : decodeURIComponent(name) };
	if (name !== undefined) {
		const selector = encodeURIComponent(`metadata.name=${decodeURIComponent(name)}`);
		return { collection: `${folder}?fieldSelector=${selector}`, name: decodeURIComponent(name) };
	}
	const selector = new URLSearchParams(query);
	selector.delete('limit');
	return { collection: selector.size === 0 ? folder : `${folder}?${selector}`, name: null };
}

/** `/api/v1`, `/apis/apps/v1`, `/apis/networking.k8s.io/v1`, as against `/apis/example.com/v1`. */
function isOwnGroup(root: string): boolean {
	const [, , group = ''] = root.split('/');
	return root.startsWith('/api/') || !group.includes('.') || group.endsWith('.k8s.io');
}
