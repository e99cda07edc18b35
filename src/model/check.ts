/** What a check is: its parameters, what it needs to see, and how it judges that. */

import type { ObservationKind, QueryOf, RegistryFacts, ValueOf } from './evidence.ts';
import type { Reason } from './reason.ts';
import type { Diagnosis } from './verdict.ts';

/** Queries that a check needs, by a name of its own choosing. */
export type Needs = Record<string, QueryOf<ObservationKind>>;

/** What was seen, under the same names; null where the thing looked for is not there. */
export type Seen<N extends Needs> = { [K in keyof N]: ValueOf<N[K]['kind']> | null };

/** Anything that can turn unknown data into `P`, e.g. a zod schema. */
export interface Schema<P> {
	safeParse(data: unknown): { success: true; data: P } | { success: false; error: { issues: SchemaIssue[] } };
}

export interface SchemaIssue {
	path: PropertyKey[];
	message: string;
	/** zod's name of the rule that was broken. */
	code?: string | undefined;
	/** For `unrecognized_keys`. */
	keys?: string[] | undefined;
	/** For `invalid_key`: what is wrong with the key. */
	issues?: readonly SchemaIssue[] | undefined;
}

export interface CheckKind<P, N extends Needs> {
	kind: string;
	summary: string;
	params: Schema<P>;
	/** Every reason that `judge` may give. */
	reasons: readonly Reason[];
	needs(params: P): N;
	/** Null: passed. */
	judge(params: P, seen: Seen<N>, context: JudgeContext): Diagnosis | null;
	/** What is worth saying about a pass. */
	note?(params: P, seen: Seen<N>, context: JudgeContext): string[];
}

/** What judging knows beside the observations; all of it is part of the evidence. */
export interface JudgeContext {
	/** RFC 3339, by the API server's clock: when the evidence was collected. */
	collectedAt: string;
	/** Index and platform digests of the images that `up` pushed, by `host/repository:tag`. */
	digests: Record<string, string[]>;
	registries: RegistryFacts[];
	/** `1.35.4` */
	kubernetesVersion: string;
}

/** A check as a lab uses it: its kind's parameters are bound, so it can be held beside others. */
export interface AnyCheck {
	/** Unique in its task. */
	id: string;
	kind: string;
	params: unknown;
	needs(): Needs;
	judge(seen: Record<string, unknown>, context: JudgeContext): Diagnosis | null;
	note(seen: Record<string, unknown>, context: JudgeContext): string[];
}
