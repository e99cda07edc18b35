/** Judges kept evidence once more: the same evidence and the same lab give the same report, byte for byte. */

import type { Evidence } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';
import type { Report } from '../model/report.ts';
import { checkEvidence } from './evidence-file.ts';
import { judgeLab } from './judge.ts';
import { selectTasks } from './plan.ts';

export interface GradeEvidenceOptions {
	/** Id or number of the one task to report. */
	task?: string | undefined;
	/** Whether a lab that has changed since may be judged by. */
	mayHaveChanged?: boolean | undefined;
}

/** `evidence` comes from `readEvidence` or `parseEvidence`. Throws UsageError for an unknown task, or for evidence of another lab. */
export function gradeEvidence(lab: Lab, evidence: Evidence, options: GradeEvidenceOptions = {}): Report {
	checkEvidence(evidence, lab, options.mayHaveChanged);
	const tasks = options.task === undefined ? lab.tasks : selectTasks(lab, options.task);
	const report = judgeLab(lab, evidence, tasks, options.task === undefined ? tasks : tasks.slice(-1));
	if (evidence.lab.digest === lab.digest) return report;
	return { ...report, notes: [...report.notes, 'The lab has changed since this evidence was collected.'] };
}
