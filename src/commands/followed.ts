/** Follows the lab of an environment, also through a reset, a changed password and a cluster that comes again. */

import { LabError } from '../model/error.ts';
import type { Lab } from '../model/lab.ts';
import type { Report } from '../model/report.ts';
import type { Context } from './command.ts';

export interface Followed {
	/** Told before the first report, and whenever the environment has been set up anew. */
	onOpen?(lab: Lab): void;
	onReport(report: Report): void;
	/** Told once; the next report says that all is well again. */
	onLost(problem: LabError): void;
}

/** Never resolves; throws UsageError, LabError where there is no environment any more, or the signal's reason. */
export async function followEnvironment(
	context: Pick<Context, 'name' | 'env'>,
	labId: string | undefined,
	signal: AbortSignal,
	{ onOpen, onReport, onLost }: Followed,
): Promise<never> {
	const [{ resolveName, findFolder }, { openLab }, { followLab }, { systemClock }] = await Promise.all([
		import('../session.ts'),
		import('./graded.ts'),
		import('../grading/index.ts'),
		import('../model/clock.ts'),
	]);
	const name = await resolveName(context.name, context.env);
	let isKnown = false;
	for (;;) {
		const changes = await watchRecord(findFolder(name, context.env), signal);
		try {
			const { session, lab } = await openLab({ name, env: context.env }, { labId });
			isKnown = true;
			onOpen?.(lab);
			await followLab({ lab, session, clock: systemClock, signal: changes.signal, onReport, onLost });
		} catch (error) {
			signal.throwIfAborted();
			if (isKnown && error instanceof LabError && error.code === 'environment-incomplete') {
				onLost(error);
				await changes.next();
			} else if (!changes.signal.aborted) throw error;
		} finally {
			changes.close();
		}
	}
}

interface RecordChanges {
	/** Aborted by the first change. */
	signal: AbortSignal;
	next(): Promise<void>;
	close(): void;
}

/** What is written down about an environment changes with a reset and with a registry's password. */
async function watchRecord(folder: string, stop: AbortSignal): Promise<RecordChanges> {
	const { existsSync, watch } = await import('node:fs');
	const changed = new AbortController();
	const signal = AbortSignal.any([stop, changed.signal]);
	const watcher = existsSync(folder)
		? watch(folder, (_event, file) => {
				if (file === 'environment.json') changed.abort(new Error('the environment has changed'));
			})
		: null;
	// That the folder goes away is seen by everything else.
	watcher?.on('error', () => {});
	return {
		signal,
		next: () =>
			new Promise((resolve, reject) => {
				const settle = () => (stop.aborted ? reject(stop.reason) : resolve());
				if (signal.aborted) settle();
				else signal.addEventListener('abort', settle, { once: true });
			}),
		close: () => watcher?.close(),
	};
}
