/** From what a `lab.yaml` says, where its shape is known to be right, to a Lab. */

import type { AnyCheck } from '../model/check.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { LabFile } from './schema.ts';

/** A Lab but for what only the place of its files can tell. */
export type BareLab = Omit<Lab, 'folder' | 'digest'>;

/** `checks`: of each task, in its place. */
export function assembleLab({ metadata, spec }: LabFile, checks: readonly AnyCheck[][]): BareLab {
	return {
		id: metadata.name,
		title: spec.title,
		minutes: spec.minutes,
		next: spec.next ?? null,
		registries: spec.registries,
		namespaces: spec.namespaces,
		tasks: spec.tasks.map((task, index): Task => ({ ...task, checks: checks[index] ?? [] })),
	};
}
