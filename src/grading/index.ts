/** From a live cluster, or from kept evidence, to a report. */

export { checkEvidence, readEvidence, saveEvidence } from './evidence-file.ts';
export { type Graded, type GradeOptions, gradeLab } from './grade.ts';
export { judgeLab } from './judge.ts';
export { selectTasks } from './plan.ts';
