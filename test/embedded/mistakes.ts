/** Plays the mistakes of a lab, each in an embedded environment of its own, and holds grading to their reasons. */

import * as assert from 'uvu/assert';
import { loadLab } from '../../src/lab/index.ts';
import { type Mistake, play, readMistakes } from '../cluster/lab/mistakes.ts';
import type { Suite } from '../harness.ts';
import { openEmbedded } from './environment.ts';

const id = 'pulling-from-private-registries';

/** By the folder's name: mistakes that this cluster cannot make, and why. */
const impossible: Record<string, string> = {
	'pod-crashing': 'no container runs, so that no probe of one can fail',
};

const parts = 4;

/** `part`: from 0 on; each test file takes one, so that they run side by side, and none runs for long. */
export async function testMistakes(test: Suite<Record<string, unknown>>, part: number): Promise<void> {
	const { tasks } = await loadLab(id);
	const mistakes = readMistakes(id).filter((_, index) => index % parts === part);
	if (mistakes.length === 0) throw new Error('there are no mistakes');
	for (const mistake of mistakes) {
		const reason = impossible[mistake.slug];
		if (reason !== undefined) test.skip(mistake.title, reason);
		else
			test(`${mistake.expect.reason}: ${mistake.title}`, () =>
				judgeMistake(
					mistake,
					tasks.map((task) => task.id),
				));
	}
}

async function judgeMistake(mistake: Mistake, tasks: readonly string[]): Promise<void> {
	const environment = await openEmbedded('mistake');
	try {
		await play(environment, id, mistake, tasks, environment.acts);
		const { report } = await environment.grade();
		const task = report.tasks.find((each) => each.id === mistake.expect.task);
		const verdict = task?.checks.find((each) => each.id === mistake.expect.check);
		assert.is(verdict?.diagnosis?.reason ?? verdict?.outcome, mistake.expect.reason, JSON.stringify(task, null, 1));
	} finally {
		await environment.close();
	}
}
