/** The public API: labs, grading, and the embedded cluster, for tests and tools of one's own. */

import { setMaxListeners } from 'node:events';
import { type Graded, gradeLab, gradeEvidence as judgeEvidence, readEvidence } from './grading/index.ts';
import { loadLab } from './lab/index.ts';
import { systemClock } from './model/clock.ts';
import type { Report } from './model/report.ts';
import { openSession } from './session.ts';

export {
	type Certificates,
	type Emulator,
	type EmulatorOptions,
	JumpingClock,
	type JumpingClockOptions,
	startEmulator,
} from './emulator/index.ts';
export type { Graded } from './grading/index.ts';
export { LabFilesError, type LabSummary, type LoadOptions, listLabs, loadLab } from './lab/index.ts';
export type { AnyCheck } from './model/check.ts';
export type { Clock } from './model/clock.ts';
export { InterruptedError, LabError, type Problem, UsageError } from './model/error.ts';
export type { Evidence } from './model/evidence.ts';
export type { Lab, LabIssue, LabRegistry, Task } from './model/lab.ts';
export { type Reason, reasons } from './model/reason.ts';
export type { Report, Score, TaskReport } from './model/report.ts';
export type { Diagnosis, Outcome, Verdict } from './model/verdict.ts';

export interface GradeEnvironmentOptions {
	/** Which environment; default: the only one there is. */
	name?: string;
	/** Id or number of the one task to report. */
	task?: string;
	/** Milliseconds to wait for what is still starting; default 30,000. */
	timeout?: number;
	/** Folder with one folder per lab; default: as `loadLab`. */
	labsFolder?: string;
	signal?: AbortSignal;
}

/** Grades an environment that `up` made. Throws LabError where there is none, or its cluster does not answer. */
export async function grade(options: GradeEnvironmentOptions = {}): Promise<Graded> {
	const { name, task, timeout = 30_000, labsFolder } = options;
	const signal = AbortSignal.any(options.signal ? [options.signal] : []);
	// Many things are asked at the same time, and each listens to it.
	setMaxListeners(0, signal);
	const session = await openSession(name);
	const { hosts, namespaces } = session;
	const lab = await loadLab(session.lab, { hosts, namespaces, ...(labsFolder !== undefined && { labsFolder }) });
	return gradeLab({ lab, session, task, timeout, clock: systemClock, signal });
}

/** Grades evidence that was kept in a file. Throws UsageError where it is none, or is of another lab or version of it. */
export async function gradeEvidence(file: string, { labsFolder }: { labsFolder?: string } = {}): Promise<Report> {
	const evidence = await readEvidence(file);
	const { hosts, namespaces } = evidence;
	const lab = await loadLab(evidence.lab.id, { hosts, namespaces, ...(labsFolder !== undefined && { labsFolder }) });
	return judgeEvidence(lab, evidence);
}
