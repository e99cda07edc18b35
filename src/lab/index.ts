/** Labs on disk. */

export { LabFilesError } from './lab-files-error.ts';
export { type LabSummary, type LoadOptions, listLabs, loadLab } from './load.ts';
