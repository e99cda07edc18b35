/** A lab whose files are wrong: the author's error, with every mistake and where it is. */

import { UsageError } from '../model/error.ts';
import type { LabIssue } from '../model/lab.ts';

export class LabFilesError extends UsageError {
	/** From the top of the file to its end. */
	readonly issues: readonly LabIssue[];

	constructor(issues: readonly LabIssue[]) {
		const sorted = issues.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
		const lines = sorted.map((issue) => `${issue.file}:${issue.line}:${issue.column} ${issue.message}`);
		super([`The lab has ${issues.length} ${issues.length === 1 ? 'mistake' : 'mistakes'}:`, ...lines].join('\n'));
		this.issues = sorted;
	}
}
