/** The shelf of check kinds. */

import type { AnyCheck, CheckKind, Needs, Schema, Seen } from '../model/check.ts';
import { accountPullSecret } from './account-pull-secret.ts';
import { pullSecret } from './pull-secret.ts';
import { pulledPod } from './pulled-pod.ts';
import { pulledWorkload } from './pulled-workload.ts';
import { refusedPod } from './refused-pod.ts';
import { resource } from './resource.ts';

/** A kind whose parameters' type has been forgotten, so that it can stand on a shelf. */
export interface ShelvedKind {
	kind: string;
	summary: string;
	params: Schema<unknown>;
	reasons: CheckKind<unknown, Needs>['reasons'];
	/** `params` must have passed the kind's own schema. */
	bind(id: string, params: unknown): AnyCheck;
}

export const checkKinds: readonly ShelvedKind[] = [
	shelve(pullSecret),
	shelve(pulledPod),
	shelve(pulledWorkload),
	shelve(refusedPod),
	shelve(accountPullSecret),
	shelve(resource),
];

export function findCheckKind(kind: string): ShelvedKind | undefined {
	return checkKinds.find((candidate) => candidate.kind === kind);
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
