/** A lab as data: what is asked, what is checked, what it is worth. */

import type { AnyCheck } from './check.ts';

/** Names folders of labs, as PATH names folders of programs. `--labs` sets it, so that whatever is started sees them too. */
export const labsVariable = 'KUBEPROCTOR_LABS';

/** A lab without what is asked, but for its name: what an environment is made for. */
export interface LabOutline {
	id: string;
	title: string;
	minutes: number;
	/** The lab to do after this one. */
	next: string | null;
	registries: LabRegistry[];
	/** Namespaces that the lab's tasks use. */
	namespaces: string[];
	tasks: Pick<Task, 'id' | 'title'>[];
	/** Absolute path of the lab's folder. */
	folder: string;
}

export interface Lab extends LabOutline {
	tasks: Task[];
	/** `sha256:…` over every file of the lab that bears on grading. */
	digest: string;
}

export interface LabRegistry {
	host: string;
	username: string;
	password: string;
	/** The one that `rotate` gives it; null: one that chance makes. */
	nextPassword: string | null;
	images: LabImage[];
}

export interface LabImage {
	repository: string;
	tag: string;
	/** Its digest is the same in every environment, so that a lab's files can name it. */
	sameEverywhere: boolean;
}

export interface Task {
	id: string;
	title: string;
	points: number;
	/** Ids of tasks that must be done first. */
	needs: string[];
	/** What whoever has done it knows now, in a sentence or two. */
	learnt: string | null;
	checks: AnyCheck[];
	hints: string[];
}

/** One thing wrong in a lab's files. */
export interface LabIssue {
	file: string;
	/** From 1. */
	line: number;
	/** From 1. */
	column: number;
	message: string;
}
