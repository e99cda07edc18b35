/** What was concluded about a check, a task, a lab. */

import type { Reason } from './reason.ts';

export type Outcome = 'pass' | 'fail' | 'error' | 'skip';

/** Why something did not pass. */
export interface Diagnosis {
	reason: Reason;
	/** What is so, in one or two sentences. */
	message: string;
	expected?: string;
	/** What was found; Kubernetes' own words verbatim where it said something. */
	actual?: string;
	/** What to do next; commands on lines of their own. */
	remedy?: string;
	/** Other causes that hold as well. */
	also?: Diagnosis[];
	/** The environment is at fault, or could not be looked at: the learner must not lose points for it. */
	isError?: true;
	/** Who is at work on it may be about to make it right, so that it is worth looking again. */
	isUnsettled?: true;
}

export interface Verdict {
	id: string;
	outcome: Outcome;
	diagnosis?: Diagnosis;
	/** Something worth saying about a pass. */
	notes?: string[];
}
