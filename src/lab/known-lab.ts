/** What the build has read of a `lab.yaml` already: YAML and its schema take longer than all else that a short command does. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackageFolder } from '../package-root.ts';
import { assembleLab, type BareLab } from './assemble.ts';
import { type Binding, buildChecks } from './build-checks.ts';
import type { PathIssue } from './describe-issues.ts';
import type { LabFile } from './schema.ts';

export interface KnownLab {
	/** Of the `lab.yaml` that it was. */
	digest: string;
	/** With every default filled in. */
	file: LabFile;
}

/** Where the build writes a KnownLab, in the bundle's folder. */
export function nameKnownLab(id: string): string {
	return `lab-${id}.json`;
}

/** Null: the build did not have this very file, or its checks take other names than these. */
export async function openKnownLab(id: string, digest: string, binding: Binding): Promise<BareLab | null> {
	const path = join(findPackageFolder('dist'), nameKnownLab(id));
	if (!existsSync(path)) return null;
	const known = JSON.parse(readFileSync(path, 'utf8')) as KnownLab;
	if (known.digest !== digest) return null;
	const issues: PathIssue[] = [];
	const { tasks } = known.file.spec;
	const checks = await Promise.all(tasks.map((task) => buildChecks(task.checks, [], binding, issues)));
	return issues.length > 0 ? null : assembleLab(known.file, checks);
}
