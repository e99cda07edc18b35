/** The shelf of check kinds. */

import type { AnyCheck, CheckKind, Needs, Schema, Seen } from '../model/check.ts';

/** A kind whose parameters' type has been forgotten, so that it can stand on a shelf. */
export interface ShelvedKind {
	kind: string;
	summary: string;
	params: Schema<unknown>;
	reasons: CheckKind<unknown, Needs>['reasons'];
	/** `params` must have passed the kind's own schema. */
	bind(id: string, params: unknown): AnyCheck;
}

/** Each is loaded once a lab names it: reading expressions alone takes longer to load than all else that grading does. */
const shelf: Record<string, () => Promise<ShelvedKind>> = {
	'pull-secret': async () => shelve((await import('./pull-secret.ts')).pullSecret),
	'pulled-pod': async () => shelve((await import('./pulled-pod.ts')).pulledPod),
	'pulled-workload': async () => shelve((await import('./pulled-workload.ts')).pulledWorkload),
	'refused-pod': async () => shelve((await import('./refused-pod.ts')).refusedPod),
	'account-pull-secret': async () => shelve((await import('./account-pull-secret.ts')).accountPullSecret),
	resource: async () => shelve((await import('./resource.ts')).resource),
};

export const checkKindNames: readonly string[] = Object.keys(shelf);

/** Undefined: there is no such kind. */
export async function loadCheckKind(name: string): Promise<ShelvedKind | undefined> {
	return Object.hasOwn(shelf, name) ? shelf[name]?.() : undefined;
}

export function loadCheckKinds(): Promise<ShelvedKind[]> {
	return Promise.all(Object.values(shelf).map((load) => load()));
}

function shelve<P, N extends Needs>(kind: CheckKind<P, N>): ShelvedKind {
	return {
		kind: kind.kind,
		summary: kind.summary,
		params: kind.params,
		reasons: kind.reasons,
		bind: (id, params) => ({
			id,
			kind: kind.kind,
			params,
			needs: () => kind.needs(params as P),
			judge: (seen, context) => kind.judge(params as P, seen as Seen<N>, context),
			note: (seen, context) => kind.note?.(params as P, seen as Seen<N>, context) ?? [],
		}),
	};
}
