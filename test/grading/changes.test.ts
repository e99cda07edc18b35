/** What of a report is told again, and what is not worth a word. */

import * as assert from 'uvu/assert';
import { listChanges } from '../../src/grading/index.ts';
import type { Report, TaskReport } from '../../src/model/report.ts';
import type { Diagnosis } from '../../src/model/verdict.ts';
import { suite } from '../harness.ts';

const test = suite('changes');

const missing: Diagnosis = { reason: 'PodMissing', message: 'There is no Pod a.', actual: 'none' };

function taskOf(id: string, change: Partial<TaskReport> = {}): TaskReport {
	return {
		...{ id, number: 1, title: id, outcome: 'fail', score: { earned: 0, possible: 10 } },
		checks: [{ id: 'check', outcome: 'fail', diagnosis: missing }],
		...change,
	};
}

const reportOf = (...tasks: TaskReport[]) => ({ tasks }) as Report;
const diagnosed = (diagnosis: Diagnosis) => ({ checks: [{ id: 'check', outcome: 'fail' as const, diagnosis }] });
const passed = { outcome: 'pass' as const, checks: [{ id: 'check', outcome: 'pass' as const }] };

test('at first every task is told', () => {
	const [one, two] = [taskOf('one'), taskOf('two', passed)];
	assert.equal(listChanges(null, reportOf(one, two)), [
		{ before: null, task: one },
		{ before: null, task: two },
	]);
});

test('a task that was not there before is told for the first time', () => {
	assert.equal(listChanges(reportOf(taskOf('one')), reportOf(taskOf('one'), taskOf('two'))), [
		{ before: null, task: taskOf('two') },
	]);
});

test("Kubernetes' words and points make no difference", () => {
	const same = taskOf('one', {
		...diagnosed({ ...missing, actual: 'Back-off 20s' }),
		score: { earned: 5, possible: 10 },
	});
	assert.equal(listChanges(reportOf(taskOf('one')), reportOf(same)), []);
});

test('what a learner is told makes one: outcome, reason, message, which check, and what is waited for', () => {
	const before = taskOf('two');
	for (const change of [
		passed,
		{ outcome: 'error' as const },
		diagnosed({ ...missing, reason: 'PodStarting' }),
		diagnosed({ ...missing, message: 'There is no Pod b.' }),
		{ checks: [{ id: 'other', outcome: 'fail' as const, diagnosis: missing }] },
		{ waitsFor: ['one'] },
	]) {
		const task = taskOf('two', change);
		assert.equal(listChanges(reportOf(taskOf('one'), before), reportOf(taskOf('one'), task)), [{ before, task }]);
	}
	assert.equal(listChanges(reportOf(taskOf('two', passed)), reportOf(before)).length, 1);
});

test.run();
