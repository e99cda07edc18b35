/** From a live cluster, or from kept evidence, to a report. */

export { listChanges, type TaskChange } from './changes.ts';
export { checkEvidence, parseEvidence, readEvidence, saveEvidence } from './evidence-file.ts';
export { type FollowOptions, followLab } from './follow.ts';
export { type Graded, type GradeOptions, gradeLab } from './grade.ts';
export { type GradeEvidenceOptions, gradeEvidence } from './grade-evidence.ts';
export { judgeLab } from './judge.ts';
export { findTask, selectTasks } from './plan.ts';
