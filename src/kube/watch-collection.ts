/** Tells of every change in a collection, however often the API server ends the watch. */

import { systemClock } from '../model/clock.ts';
import type { KubeClient } from './client.ts';
import { KubeError } from './kube-error.ts';

export interface WatchOptions {
	signal: AbortSignal;
	/** The name of the object that has changed; null: any may have, because some changes were not told. */
	onChange(name: string | null): void;
}

export interface CollectionWatch {
	/** Resolves once every change from then on will be told. */
	ready: Promise<void>;
	/** Never resolves. Throws what ends the watch for good: LabError where the cluster is lost, the signal's reason. */
	ended: Promise<never>;
}

/** Milliseconds between two watches where the server ends each at once. */
const pause = 2000;
/** Milliseconds between two looks where it allows no watch. */
const longPause = 10_000;

interface WatchEvent {
	type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
	object: { metadata?: { name?: string; resourceVersion?: string }; code?: number; message?: string };
}

/**
 * `path` may have a selector. Where the user may not watch the collection, or there is none, `onChange(null)` is called
 * every ten seconds instead.
 */
export function watchCollection(client: KubeClient, path: string, { signal, onChange }: WatchOptions): CollectionWatch {
	const parameter = path.includes('?') ? '&' : '?';
	let begun: () => void = () => {};
	const ready = new Promise<void>((resolve) => {
		begun = resolve;
	});
	return { ready, ended: keepWatching() };

	async function keepWatching(): Promise<never> {
		let revision: string | null = null;
		for (;;) {
			const startedAt = performance.now();
			try {
				revision ??= await readRevision();
				begun();
				revision = await watchFrom(revision);
				if (revision === null) onChange(null);
			} catch (error) {
				if (!(error instanceof KubeError)) throw error;
				revision = null;
				begun();
				// Not allowed, or nothing of the kind: what is so may change, and nobody would tell.
				await systemClock.sleep(longPause, signal);
				onChange(null);
			}
			if (performance.now() - startedAt < pause) await systemClock.sleep(pause, signal);
		}
	}

	async function readRevision(): Promise<string> {
		const list = (await client.get(`${path}${parameter}limit=1`, { signal })) as WatchEvent['object'];
		return list.metadata?.resourceVersion ?? '';
	}

	/** Resolves to where to go on; null: the server does not remember that far back. */
	async function watchFrom(start: string): Promise<string | null> {
		let revision: string | null = start;
		const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${start}`;
		await client.follow(
			`${path}${parameter}${query}`,
			(line) => {
				const { type, object } = JSON.parse(line) as WatchEvent;
				if (type === 'ERROR') {
					revision = null;
					return;
				}
				revision = object.metadata?.resourceVersion ?? revision;
				if (type !== 'BOOKMARK') onChange(object.metadata?.name ?? null);
			},
			signal,
		);
		return revision;
	}
}
