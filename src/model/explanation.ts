/** Why a Pod has its images or has not: what `why` found, without anything that must stay secret. */

import type { ContainerFacts, EntryFacts, Unread } from './evidence.ts';
import type { Diagnosis } from './verdict.ts';

/** One Secret of the Pod's list, towards the image in question. */
export interface ExplainedSecret {
	name: string;
	/** `unread`: not allowed to look. */
	state: 'present' | 'absent' | 'unread';
	/** Null where it was not seen. */
	type: string | null;
	entries: EntryFacts[];
}

export interface Explanation {
	/** `untold`: it could not be found out, or is not settled yet. */
	outcome: 'fine' | 'wrong' | 'untold';
	pod: { namespace: string; name: string };
	/** The first that is not ready, init containers before others; else the first one. Null: no such Pod. */
	container: Pick<ContainerFacts, 'name' | 'kind' | 'image' | 'policy' | 'state' | 'waiting'> | null;
	/** Null: nothing is wrong. */
	diagnosis: Diagnosis | null;
	/** `unknown`: managedFields do not tell. Null: no such Pod. */
	list: { names: string[]; origin: 'own' | 'inherited' | 'unknown'; serviceAccount: string } | null;
	secrets: ExplainedSecret[];
	/** How long the kubelet may wait before it tries again; null where it has no pull to repeat. */
	nextTryWithin: string | null;
	unread: Unread[];
}

/** Which cluster was asked, and why that one. */
export interface AskedCluster {
	kubeconfig: string;
	context: string;
	/** The environment whose cluster it is; null: any other. */
	environment: string | null;
}
