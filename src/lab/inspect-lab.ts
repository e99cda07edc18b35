/** The text of a `lab.yaml`, with every mistake and where it is. */

import type { LabIssue } from '../model/lab.ts';
import { parseOwn } from '../yaml.ts';
import type { BareLab } from './assemble.ts';
import { buildLab } from './build.ts';
import type { Binding } from './build-checks.ts';

/** What a `lab.yaml` says, as far as it can be told, and everything that is wrong with it. */
export async function inspectLab(
	file: string,
	text: string,
	id: string,
	binding: Binding = {},
): Promise<{ lab: BareLab | null; issues: LabIssue[] }> {
	const document = parseOwn(text);
	const built = await buildLab(document.data, binding);
	const issues: LabIssue[] = [
		...document.issues.map((issue) => ({ file, ...issue })),
		...(document.data === undefined ? [] : built.issues).map(({ path, message }) => ({
			file,
			...document.positionOf(path),
			message,
		})),
	];
	if (built.lab !== null && built.lab.id !== id) {
		const at = document.positionOf(['metadata', 'name']);
		issues.push({ file, ...at, message: `the lab's name is ${built.lab.id}, its folder ${id}: they must be the same` });
	}
	return { lab: built.lab, issues };
}
