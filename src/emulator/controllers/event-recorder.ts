/** Writes events as client-go's recorder does: repeats are counted, look-alikes combined, floods held back. */

import type { ClusterClient } from '../cluster-client.ts';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';

export interface EventSource {
	/** e.g. `replicaset-controller` */
	component: string;
	/** The node, for events of a kubelet. */
	host?: string;
	/** As managedFields name the writer; default: the client's name. */
	fieldManager?: string;
}

export type EventType = 'Normal' | 'Warning';

export interface EventRecorder {
	/** `fieldPath`: the part of the object that it is about, e.g. `spec.containers{app}`. */
	record(object: KubeObject, type: EventType, reason: string, message: string, fieldPath?: string): void;
}

/* The defaults of client-go's tools/record/events_cache.go. */
const similarLimit = 10;
const similarWindow = 600_000;
const burst = 25;
const secondsPerToken = 300;
const longestMemory = 4096;

/** Of all recorders together: names are made of the time, and many events come at the same. */
let serial = 0n;

interface Observation {
	name: string;
	count: number;
	firstTimestamp: string;
}

export function createEventRecorder(client: ClusterClient, clock: TimerClock, source: EventSource): EventRecorder {
	const similar = new Map<string, { messages: Set<string>; seenAt: number }>();
	const observed = new Map<string, Observation>();
	const tokens = new Map<string, { left: number; at: number }>();

	/** Ten messages about the same within ten minutes: further ones share an event. */
	function combine(kindKey: string, message: string): boolean {
		const now = clock.now().getTime();
		const known = similar.get(kindKey);
		const entry = known && now - known.seenAt <= similarWindow ? known : { messages: new Set<string>(), seenAt: now };
		entry.messages.add(message);
		entry.seenAt = now;
		remember(similar, kindKey, entry);
		if (entry.messages.size < similarLimit) return false;
		const [oldest] = entry.messages;
		if (oldest !== undefined) entry.messages.delete(oldest);
		return true;
	}

	function takeToken(key: string): boolean {
		const now = clock.now().getTime();
		const bucket = tokens.get(key) ?? { left: burst, at: now };
		const left = Math.min(burst, bucket.left + (now - bucket.at) / 1000 / secondsPerToken);
		remember(tokens, key, { left: left >= 1 ? left - 1 : left, at: now });
		return left >= 1;
	}

	function nameEvent(object: string): string {
		const nanoseconds = BigInt(clock.now().getTime()) * 1_000_000n + (serial++ % 1_000_000n);
		return `${object}.${nanoseconds.toString(16)}`;
	}

	return {
		record(object, type, reason, message, fieldPath) {
			const involved = refer(object, fieldPath);
			const objectKey = [
				involved.kind,
				involved.namespace,
				involved.name,
				involved.uid,
				involved.apiVersion,
				type,
			].join();
			const isCombined = combine(`${objectKey},${reason}`, message);
			const text = isCombined ? `(combined from similar events): ${message}` : message;
			const key = isCombined ? `${objectKey},${reason}` : JSON.stringify([objectKey, reason, fieldPath, message]);

			const now = formatTime(clock.now());
			const before = observed.get(key);
			const after = before
				? { ...before, count: before.count + 1 }
				: { name: nameEvent(involved.name), count: 1, firstTimestamp: now };
			remember(observed, key, after);
			// What is held back was counted all the same: the next one that is sent jumps.
			if (!takeToken(objectKey)) return;
			send(client, { ...after, lastTimestamp: now, involved, type, reason, message: text, source });
		},
	};
}

interface EventToSend extends Observation {
	lastTimestamp: string;
	involved: InvolvedObject;
	type: EventType;
	reason: string;
	message: string;
	source: EventSource;
}

interface InvolvedObject {
	apiVersion: string;
	kind: string;
	name: string;
	namespace?: string;
	uid?: string;
	resourceVersion?: string;
	fieldPath?: string;
}

function send(client: ClusterClient, event: EventToSend): void {
	const { name, count, lastTimestamp, message, involved, source } = event;
	const namespace = involved.namespace ?? 'default';
	const { fieldManager, ...shownSource } = source;
	const options = fieldManager === undefined ? {} : { fieldManager };
	const repeat = (stored: KubeObject) => ({ ...stored, count, lastTimestamp, message });
	try {
		if (count > 1 && client.update('events', namespace, name, repeat, options) !== null) return;
		client.create(
			'events',
			namespace,
			{
				apiVersion: 'v1',
				kind: 'Event',
				metadata: { name, namespace },
				involvedObject: involved,
				reason: event.reason,
				message,
				source: shownSource,
				firstTimestamp: event.firstTimestamp,
				lastTimestamp,
				count,
				type: event.type,
				eventTime: null,
				reportingComponent: source.component,
				reportingInstance: source.host ?? '',
			},
			options,
		);
	} catch (error) {
		// A namespace that is being deleted takes no new events; nobody waits for one.
		if (!(error instanceof StatusError)) throw error;
	}
}

function refer({ apiVersion, kind, metadata }: KubeObject, fieldPath: string | undefined): InvolvedObject {
	const { name, namespace, uid, resourceVersion } = metadata;
	return {
		apiVersion,
		kind,
		name,
		...(namespace !== undefined && { namespace }),
		...(uid !== undefined && { uid }),
		...(resourceVersion !== undefined && { resourceVersion }),
		...(fieldPath !== undefined && { fieldPath }),
	};
}

/** Forgets what was used longest ago, so that a long life needs no more memory than a short one. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
	map.delete(key);
	map.set(key, value);
	if (map.size <= longestMemory) return;
	const [oldest] = map.keys();
	if (oldest !== undefined) map.delete(oldest);
}
