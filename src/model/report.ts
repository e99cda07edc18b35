/** The result of grading, as every reporter and `-o json` has it. */

import type { ProviderId } from './cluster.ts';
import type { Outcome, Verdict } from './verdict.ts';

export interface Report {
	schemaVersion: 1;
	lab: { id: string; title: string };
	environment: { name: string; provider: ProviderId; kubernetesVersion: string };
	/** RFC 3339. */
	collectedAt: string;
	score: Score;
	tasks: TaskReport[];
	/** What the reader should know about how this was graded, e.g. that a registry has no log. */
	notes: string[];
}

export interface Score {
	earned: number;
	possible: number;
	/** Points of tasks that could not be judged: neither earned nor lost. */
	ungraded: number;
}

export interface TaskReport {
	id: string;
	/** As the lab counts, from 1. */
	number: number;
	title: string;
	outcome: Outcome;
	score: { earned: number; possible: number };
	checks: Verdict[];
	/** For a skipped task: the tasks to do first. */
	waitsFor?: string[];
}
