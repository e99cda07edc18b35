/** Grades a live cluster: plan, collect, judge, and look again while something is still starting. */

import { type KubeClient, openCluster } from '../kube/client.ts';
import type { Clock } from '../model/clock.ts';
import { LabError } from '../model/error.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';
import { passingReasons } from '../model/reason.ts';
import type { Report } from '../model/report.ts';
import type { Session } from '../model/session.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { openAccess } from '../observers/index.ts';
import { collectEvidence } from './collect.ts';
import { judgeLab } from './judge.ts';
import { planQueries, selectTasks } from './plan.ts';

export interface GradeOptions {
	lab: Lab;
	session: Session;
	/** Id or number of the one task to report. */
	task?: string | undefined;
	/** Milliseconds to wait for what is still starting. */
	timeout: number;
	clock: Clock;
	signal: AbortSignal;
	/** Told what is being waited for, each time it is looked at again. */
	onWait?: ((what: string) => void) | undefined;
}

export interface Graded {
	report: Report;
	/** What the report was judged from. */
	evidence: Evidence;
}

/** Milliseconds between two looks. */
const pause = 400;
/** How often a look that failed for the network's or the server's sake is repeated. */
const patience = 2;

/** Throws UsageError for an unknown task, LabError where the cluster does not answer. */
export async function gradeLab(options: GradeOptions): Promise<Graded> {
	const { lab, session, clock, signal } = options;
	const tasks = options.task === undefined ? lab.tasks : selectTasks(lab, options.task);
	const shown = options.task === undefined ? tasks : tasks.slice(-1);
	const queries = planQueries(tasks);
	const client = await openCluster(session.cluster);
	const deadline = clock.now().getTime() + options.timeout;
	let failures = 0;
	try {
		for (;;) {
			const graded = await look(client);
			const waits =
				graded instanceof LabError ? graded.message : describeUnsettled(graded.evidence, failures < patience);
			const isOver = clock.now().getTime() >= deadline;
			if (graded instanceof LabError || hasBlindSpot(graded.evidence)) failures++;
			if (graded instanceof LabError) {
				if (isOver || failures > patience) throw graded;
			} else if (waits === null || isOver) {
				return graded;
			}
			if (waits !== null) options.onWait?.(waits);
			await clock.sleep(pause, signal);
		}
	} finally {
		client.close();
	}

	/**
	 * What makes it worth looking again, also in a task that is not shown but needed by one that is; null where every
	 * verdict will stay.
	 */
	function describeUnsettled(evidence: Evidence, mayBeBlind: boolean): string | null {
		if (mayBeBlind && hasBlindSpot(evidence)) return 'something could not be looked at';
		for (const task of judgeLab(lab, evidence, tasks).tasks) {
			for (const { diagnosis } of task.checks) {
				if (diagnosis !== undefined && isPassing(diagnosis)) return diagnosis.message;
			}
		}
		return null;
	}

	/** A LabError is an answer too: one that may be gone at the next look. */
	async function look(kube: KubeClient): Promise<Graded | LabError> {
		const { registries, images, controlNamespace } = session;
		const access = openAccess({ client: kube, registries, images, controlNamespace, clock, signal });
		try {
			const evidence = await collectEvidence(queries, { lab, session, client: kube, access });
			return { evidence, report: judgeLab(lab, evidence, tasks, shown) };
		} catch (error) {
			if (error instanceof LabError) return error;
			throw error;
		}
	}
}

function isPassing({ reason, isUnsettled }: Diagnosis): boolean {
	return isUnsettled === true || passingReasons.has(reason);
}

function hasBlindSpot({ observations }: Evidence): boolean {
	return Object.values(observations).some((observation) => !observation.ok && observation.code !== 'forbidden');
}
