/** Events are forgotten an hour after they were last seen. */

import type { KubeObject } from './object.ts';
import type { Core } from './operations/core.ts';

const lifetimeMs = 60 * 60_000;
/** Looking at all of them with each new one would cost too much. */
const sweepEveryMs = 5 * 60_000;

/** Gives back how to stop. */
export function forgetOldEvents({ store, clock }: Core): () => void {
	let lastSweep = clock.now().getTime();
	return store.watch(({ key, type }) => {
		const now = clock.now().getTime();
		if (key.type !== 'events' || type !== 'ADDED' || now - lastSweep < sweepEveryMs) return;
		lastSweep = now;
		for (const event of store.list('events', null)) {
			const { namespace = '', name } = event.metadata;
			if (now - seenAt(event) > lifetimeMs) store.write({ type: 'events', namespace, name }, null);
		}
	});
}

function seenAt(event: KubeObject): number {
	const { lastTimestamp, eventTime, series } = event as KubeObject & {
		lastTimestamp?: string | null;
		eventTime?: string | null;
		series?: { lastObservedTime?: string };
	};
	const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? event.metadata.creationTimestamp;
	return time === undefined ? Number.POSITIVE_INFINITY : Date.parse(time);
}
