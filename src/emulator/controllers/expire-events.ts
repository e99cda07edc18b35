/** Events are forgotten after an hour. */

import type { ClusterClient } from '../cluster-client.ts';
import { StatusError } from '../status-error.ts';
import type { TimerClock } from '../timers.ts';

/** Milliseconds; the API server's `--event-ttl`. */
const lifetime = 3_600_000;

/** Looks only when the oldest is due. Gives back how to stop. */
export function startExpiringEvents(client: ClusterClient, clock: TimerClock): () => void {
	/** By name, when it was last written; the oldest first. */
	const written = new Map<string, { namespace: string; name: string; at: number }>();
	let cancel: (() => void) | null = null;

	function follow(namespace: string, name: string, at: number): void {
		const id = `${namespace}/${name}`;
		written.delete(id);
		written.set(id, { namespace, name, at });
		cancel ??= clock.after(lifetime, expire);
	}

	function expire(): void {
		cancel = null;
		const now = clock.now().getTime();
		for (const [id, { namespace, name, at }] of written) {
			if (at + lifetime > now) {
				cancel = clock.after(at + lifetime - now, expire);
				return;
			}
			written.delete(id);
			forget(namespace, name);
		}
	}

	function forget(namespace: string, name: string): void {
		try {
			client.delete('events', namespace, name);
		} catch (error) {
			if (!(error instanceof StatusError && error.code === 404)) throw error;
		}
	}

	const stop = client.watch(['events'], ({ type, object }) => {
		const { namespace = '', name } = object.metadata;
		if (type === 'DELETED') written.delete(`${namespace}/${name}`);
		else follow(namespace, name, clock.now().getTime());
	});
	for (const { metadata, lastTimestamp } of client.list('events', null)) {
		follow(metadata.namespace ?? '', metadata.name, Date.parse(String(lastTimestamp)) || clock.now().getTime());
	}
	return () => {
		stop();
		cancel?.();
	};
}
