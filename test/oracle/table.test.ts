/** Secret shapes × ways of naming them × Pods × timing: thousands of situations, graded and held to the statement. */

import * as assert from 'uvu/assert';
import { loadCheckKind } from '../../src/checks/index.ts';
import { suite } from '../harness.ts';
import { isTried } from '../stride.ts';
import { type Case, listCases } from './cases.ts';
import { gradeWorld, labOf } from './world.ts';

const test = suite('the kubelet by its rules', { timeout: 60 });

const cases = listCases();
for (const group of new Set(cases.map((each) => each.group))) {
	test(group, async () => {
		const wrong: string[] = [];
		const tried = cases.filter((each, index) => each.group === group && isTried(index));
		for (const each of tried) {
			const fault = await findFault(each);
			if (fault !== null) wrong.push(fault);
		}
		assert.equal(wrong.slice(0, 12), [], `${wrong.length} are wrong`);
	});
}

test('there are thousands, of every outcome', () => {
	assert.ok(cases.length >= 20_000, `only ${cases.length}`);
	const reasons = new Set(cases.map(({ expected }) => expected));
	assert.ok(reasons.size >= 24, [...reasons].join(', '));
	assert.is(new Set(cases.map(({ label }) => label)).size, cases.length, 'each is there once');
});

/** What is wrong with the verdict; null: nothing. */
async function findFault({ label, world, check, params, expected, isError, note }: Case): Promise<string | null> {
	const { report } = await gradeWorld(world, labOf(check, params));
	const verdict = report.tasks[0]?.checks[0];
	const given = verdict?.diagnosis?.reason ?? null;
	const outcome = expected === null ? 'pass' : isError ? 'error' : 'fail';
	if (given !== expected || verdict?.outcome !== outcome)
		return `${label}: ${given ?? 'passed'} (${verdict?.outcome}), not ${expected ?? 'passed'}: ${verdict?.diagnosis?.message ?? ''}`;
	if (given !== null && !(await loadCheckKind(check))?.reasons.includes(given))
		return `${label}: ${given} is not one of the reasons that ${check} names`;
	if (note && !report.notes.some((text) => note.test(text))) return `${label}: passed without the note ${note}`;
	return null;
}

test.run();
