/** What all Pods of a node share. */

import type { ClusterClient } from '../cluster-client.ts';
import type { EventRecorder } from '../controllers/event-recorder.ts';
import type { TimerClock } from '../timers.ts';
import type { BackOff } from './back-off.ts';
import type { ImageStore } from './ensure-image.ts';

export interface NodeContext {
	client: ClusterClient;
	clock: TimerClock;
	recorder: EventRecorder;
	store: ImageStore;
	/** Of containers that end. */
	restarts: BackOff;
	addresses: readonly string[];
	/** Makes a sandbox; resolves to the Pod's address. */
	makeSandbox(): Promise<string>;
	/** Milliseconds until it is noticed what has become of containers. */
	relistPeriod: number;
}
