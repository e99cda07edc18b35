/** Labs that no folder holds, of the checks that a test is about. */

import type { AnyCheck } from '../../src/model/check.ts';
import type { Lab, Task } from '../../src/model/lab.ts';

/** The digest of every lab that is made here. */
export const zeros = `sha256:${'0'.repeat(64)}`;

export function taskOf(id: string, checks: AnyCheck[], more: Partial<Task> = {}): Task {
	return { id, title: `Task ${id}`, points: 10, needs: [], checks, hints: [], learnt: null, ...more };
}

export function labOf(...tasks: Task[]): Lab {
	return {
		...{ id: 'lab', title: 'A lab', minutes: 1, next: null, registries: [], namespaces: ['default'], folder: '/' },
		...{ tasks, digest: zeros },
	};
}
