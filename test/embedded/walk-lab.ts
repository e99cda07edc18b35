/** Walks a lab on the embedded cluster, in one environment that is reset again and again. */

import * as assert from 'uvu/assert';
import { loadLab } from '../../src/lab/index.ts';
import { readMistakes } from '../cluster/lab/mistakes.ts';
import { judgeLastHints, judgeLesson, judgeMistake, judgeSolution, judgeUntouched } from '../cluster/lab/walk.ts';
import { findKubectl } from '../contracts/kubectl/find-kubectl.ts';
import type { Suite } from '../harness.ts';
import { bringUp, type EmbeddedEnvironment, planEnvironment } from './environment.ts';
import { here, resetHere } from './here.ts';

type Context = { environment: EmbeddedEnvironment };

/** All that a lab promises, and all its mistakes. */
export async function testLab(test: Suite<Context>, id: string): Promise<void> {
	await testPromises(test, id);
	await testMistakes(test, id);
}

/** What the lab promises, but for its mistakes. */
export async function testPromises(test: Suite<Context>, id: string): Promise<void> {
	const lab = await loadLab(id);
	share(test, id);
	test('no control had to wait for the pulls of its own Pods', async ({ environment }) => {
		const { items } = (await environment.read('/api/v1/namespaces/kubeproctor/events')) as {
			items: { message: string }[];
		};
		assert.ok(items.some(({ message }) => message.includes('no basic auth credentials')));
		assert.equal(
			items.filter(({ message }) => message.includes('QPS')),
			[],
		);
	});
	test('nothing passes that should not', ({ environment }) => judgeUntouched(here(environment), lab));
	test('the reference answer passes, task by task', async ({ environment }) => {
		await resetHere(environment, id);
		await judgeSolution(here(environment), lab);
	});
	test("the lesson's own commands, typed verbatim, pass every task", async ({ environment }) => {
		await resetHere(environment, id);
		await judgeLesson(here(environment), lab, await findKubectl());
	});
	test('the last hint of each task does it, whatever was tried before', async ({ environment }) => {
		await resetHere(environment, id);
		await judgeLastHints(here(environment), lab, await findKubectl());
	});
	test('undone, it is as it was', async ({ environment }) => {
		await bringUp(environment, id, '--reset');
		await judgeUntouched(environment, lab);
	});
}

/**
 * Without the program's start, which `testPromises` has in its last test. `part` of `parts`, from 0 on: each test file takes one, so that they run
 * side by side, and none runs for long.
 */
export async function testMistakes(test: Suite<Context>, id: string, part = 0, parts = 1): Promise<void> {
	const lab = await loadLab(id);
	const mistakes = readMistakes(id).filter((_, index) => index % parts === part);
	if (mistakes.length === 0) throw new Error('there are no mistakes');
	share(test, id);
	for (const mistake of mistakes) {
		test(`${mistake.expect.reason}: ${mistake.title}`, async ({ environment }) => {
			await resetHere(environment, id);
			await judgeMistake(here(environment), lab, mistake, environment.acts);
		});
	}
}

const shared = new WeakSet<Suite<Context>>();

/** One environment for all tests of a suite. */
export function share(test: Suite<Context>, id: string): void {
	if (shared.has(test)) return;
	shared.add(test);
	test.before(async (context) => {
		context.environment = planEnvironment('walk');
		await bringUp(context.environment, id);
	});
	test.after(({ environment }) => environment?.close());
}
