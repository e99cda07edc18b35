/** From evidence to a report, without looking at anything else. */

import type { AnyCheck, JudgeContext } from '../model/check.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Report, TaskReport } from '../model/report.ts';
import type { Diagnosis, Outcome, Verdict } from '../model/verdict.ts';
import { keyOf } from './plan.ts';
import { addScores } from './score.ts';

/** `tasks`: those to judge; `shown`: those to report. */
export function judgeLab(
	lab: Lab,
	evidence: Evidence,
	tasks: readonly Task[] = lab.tasks,
	shown: readonly Task[] = tasks,
): Report {
	const context: JudgeContext = {
		collectedAt: evidence.collectedAt,
		digests: evidence.digests,
		registries: evidence.registries,
		kubernetesVersion: evidence.environment.kubernetesVersion,
	};
	const done = new Map<string, TaskReport>();
	for (const task of tasks) {
		const report = judgeTask(task, evidence, context, done);
		done.set(task.id, { ...report, number: lab.tasks.indexOf(task) + 1 });
	}
	const reports = shown.flatMap((task) => done.get(task.id) ?? []);
	return {
		schemaVersion: 1,
		lab: { id: lab.id, title: lab.title },
		environment: evidence.environment,
		collectedAt: evidence.collectedAt,
		score: addScores(reports, done),
		tasks: reports,
		notes: [...new Set(reports.flatMap((task) => task.checks.flatMap((verdict) => verdict.notes ?? [])))],
	};
}

function judgeTask(
	task: Task,
	evidence: Evidence,
	context: JudgeContext,
	done: ReadonlyMap<string, TaskReport>,
): Omit<TaskReport, 'number'> {
	const waitsFor = task.needs.filter((need) => done.get(need)?.outcome !== 'pass');
	const checks = task.checks.map((check) =>
		waitsFor.length > 0 ? { id: check.id, outcome: 'skip' as const } : judgeCheck(check, evidence, context),
	);
	const outcome = summarise(checks.map((verdict) => verdict.outcome));
	return {
		id: task.id,
		title: task.title,
		outcome,
		score: { earned: outcome === 'pass' ? task.points : 0, possible: task.points },
		checks,
		...(waitsFor.length > 0 && { waitsFor }),
	};
}

const severity: readonly Outcome[] = ['fail', 'error', 'skip'];

function summarise(outcomes: readonly Outcome[]): Outcome {
	return severity.find((outcome) => outcomes.includes(outcome)) ?? 'pass';
}

function judgeCheck(check: AnyCheck, evidence: Evidence, context: JudgeContext): Verdict {
	const seen: Record<string, unknown> = {};
	for (const [name, query] of Object.entries(check.needs())) {
		const observation = evidence.observations[keyOf(query)];
		if (observation === undefined)
			return fail(check, describeUnseen(keyOf(query), 'The evidence does not hold it.', 'Grade the live cluster.'));
		if (!observation.ok) return fail(check, describeUnseen(keyOf(query), observation.message, observation.remedy));
		seen[name] = observation.value;
	}
	const diagnosis = check.judge(seen, context);
	if (diagnosis !== null) return fail(check, diagnosis);
	const notes = check.note(seen, context);
	return { id: check.id, outcome: 'pass', ...(notes.length > 0 && { notes }) };
}

function fail(check: AnyCheck, diagnosis: Diagnosis): Verdict {
	return { id: check.id, outcome: diagnosis.isError ? 'error' : 'fail', diagnosis };
}

function describeUnseen(what: string, message: string, remedy: string): Diagnosis {
	return {
		reason: 'NotObserved',
		message: `It could not be looked at: ${what}.`,
		actual: message,
		remedy,
		isError: true,
	};
}
