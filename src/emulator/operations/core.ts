/** What every operation of the API is handed. */

import type { ResourceType } from '../resource-type.ts';
import type { Store } from '../store.ts';
import type { TimerClock } from '../timers.ts';

export interface Core {
	store: Store;
	clock: TimerClock;
}

/** Who asks: `authentication.k8s.io/v1 UserInfo`. */
export interface Caller {
	username: string;
	uid?: string;
	groups: readonly string[];
	extra?: Readonly<Record<string, readonly string[]>>;
}

/** Where an operation acts. */
export interface Target {
	type: ResourceType;
	/** Empty for cluster-scoped types and for all namespaces. */
	namespace: string;
	/** Empty for collections. */
	name: string;
	/** `status`, `scale` …; empty for the object itself. */
	subresource: string;
}

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface WriteContext {
	caller: Caller;
	isDryRun: boolean;
	fieldManager: string;
	fieldValidation: FieldValidation;
	/** Server-side apply takes fields from their managers. */
	isForced?: boolean;
	/** Takes a warning for the caller. */
	warn(text: string): void;
}
