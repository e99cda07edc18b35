/** Labs on disk. */

export { LabFilesError } from './lab-files-error.ts';
export { lintLab } from './lint.ts';
export { type LabSummary, type LoadOptions, listLabs, loadLab, surveyLabs } from './load.ts';
export { writeNewLab } from './scaffold.ts';
export { findLabFolder, findLabFolders, listLabFolders } from './shelf.ts';
