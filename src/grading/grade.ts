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
	/** Whether a pull that the kubelet has still to try again is waited for as well. */
	awaitsRetry?: boolean | undefined;
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

/** Milliseconds between two looks: at first, and once it takes longer than that. */
const pauses = { first: 400, later: 1000, until: 30_000 };
/** How often a look that failed for the network's or the server's sake is repeated. */
const patience = 2;

/** Throws UsageError for an unknown task, LabError where the cluster does not answer. */
export async function gradeLab(options: GradeOptions): Promise<Graded> {
	const { lab, session, clock, signal } = options;
	const tasks = options.task === undefined ? lab.tasks : selectTasks(lab, options.task);
	const shown = options.task === undefined ? tasks : tasks.slice(-1);
	const queries = planQueries(tasks);
	const client = await openCluster(session.cluster);
	const begun = clock.now().getTime();
	let failures = 0;
	try {
		for (;;) {
			const graded = await look(client);
			const waits =
				graded instanceof LabError ? graded.message : describeUnsettled(graded.evidence, failures < patience);
			const passed = clock.now().getTime() - begun;
			const isOver = passed >= options.timeout;
			if (graded instanceof LabError || hasBlindSpot(graded.evidence)) failures++;
			if (graded instanceof LabError) {
				if (isOver || failures > patience) throw graded;
			} else if (waits === null || isOver) {
				return graded;
			}
			if (waits !== null) options.onWait?.(waits);
			await clock.sleep(passed < pauses.until ? pauses.first : pauses.later, signal);
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
				if (diagnosis !== undefined && mayPass(diagnosis)) return diagnosis.message;
			}
		}
		return null;
	}

	function mayPass({ reason, isUnsettled }: Diagnosis): boolean {
		if (isUnsettled === true || passingReasons.has(reason)) return true;
		return options.awaitsRetry === true && reason === 'PullRetryPending';
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

function hasBlindSpot({ observations }: Evidence): boolean {
	return Object.values(observations).some((observation) => !observation.ok && observation.code !== 'forbidden');
}
