/** The lab that is set up, and how its tasks stand now: what the commands about tasks begin with. */

import type { Names } from '../environment/place.ts';
import { UsageError } from '../model/error.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Report, TaskReport } from '../model/report.ts';
import type { Session } from '../model/session.ts';
import type { Outcome } from '../model/verdict.ts';
import type { Context } from './command.ts';

export interface OpenLab {
	session: Session;
	lab: Lab;
}

/** Reads files only. Throws UsageError where `labId` is another lab than the one that is set up. */
export async function openLab(
	{ name, env }: Pick<Context, 'name' | 'env'>,
	{ labId, mayTryCredentials }: { labId?: string | undefined; mayTryCredentials?: boolean } = {},
): Promise<OpenLab> {
	const [{ openSession }, { loadLab }] = await Promise.all([import('../session.ts'), import('../lab/load.ts')]);
	const session = await openSession(name, { env, mayTryCredentials });
	const { hosts, namespaces } = session;
	const lab = await loadLab(labId ?? session.lab, { hosts, namespaces });
	if (lab.id !== session.lab) {
		throw new UsageError(
			`The environment ${session.name} is set up for the lab ${session.lab}, not for ${lab.id}.`,
			`kubeproctor up ${lab.id} sets that one up.`,
		);
	}
	return { session, lab };
}

/** How the lab's own manifests are read for this environment. */
export function namesOf({ session, lab }: OpenLab): Names {
	const { hosts, namespaces, registries } = session;
	const credentials = Object.entries(hosts).flatMap(([labHost, host]) => {
		const given = registries.find((registry) => registry.host === host)?.credentials;
		return given ? [[labHost, given]] : [];
	});
	return { hosts, namespaces, registries: lab.registries, credentials: Object.fromEntries(credentials) };
}

/** Every task of the lab is graded, or the one that is asked for, by number or id, unless others must be done before it. */
export async function gradeKnown(
	context: Pick<Context, 'name' | 'env' | 'signal' | 'say' | 'showWait'>,
	{ timeout, task }: { timeout: number; task?: string | undefined },
): Promise<OpenLab & { report: Report; asked: Task | null }> {
	const [{ session, lab }, { gradeLab }, { findTask }, { systemClock }] = await Promise.all([
		openLab(context),
		import('../grading/grade.ts'),
		import('../grading/plan.ts'),
		import('../model/clock.ts'),
	]);
	const asked = task === undefined ? null : findTask(lab, task);
	const onWait = tellOnce(context);
	const look = async (only?: string) => {
		const { signal } = context;
		const options = { lab, session, task: only, timeout: timeout * 1000, clock: systemClock, signal, onWait };
		return (await gradeLab(options)).report;
	};
	const report = await context.showWait('Looking at the cluster', async () => {
		const alone = asked === null ? null : await look(asked.id);
		return alone === null || outcomeOf(alone, asked?.id ?? '') === 'skip' ? look() : alone;
	});
	return { session, lab, report, asked };
}

export function outcomeOf(report: Report, id: string): Outcome | undefined {
	return report.tasks.find((task) => task.id === id)?.outcome;
}

/** A wait is worth a line; the same wait is not worth two. */
export function tellOnce({ say }: Pick<Context, 'say'>): (what: string) => void {
	const told = new Set<string>();
	return (what) => {
		if (told.has(what)) return;
		told.add(what);
		say(`Waiting: ${what}`);
	};
}

/** `asked`, or the one to do before it; null: the first that is not done, else the last. */
export function selectTask({ tasks }: Lab, report: Report, asked: Task | null): { task: Task; report: TaskReport } {
	const found = tasks.flatMap((task) => {
		const of = report.tasks.find(({ id }) => id === task.id);
		return of === undefined ? [] : [{ task, report: of }];
	});
	let wanted =
		found.find(({ task, report: { outcome } }) => (asked === null ? outcome !== 'pass' : task === asked)) ??
		found.at(-1);
	for (;;) {
		const before = found.find(({ task }) => task.id === wanted?.report.waitsFor?.[0]);
		if (before === undefined) break;
		wanted = before;
	}
	if (wanted === undefined) throw new Error('a lab has a task at least');
	return wanted;
}
