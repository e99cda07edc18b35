/** Runs steps as soon as what they need is done, and takes back what they made when one fails. */

import { setMaxListeners } from 'node:events';
import { systemClock } from '../model/clock.ts';
import { describeError, LabError, type Problem } from '../model/error.ts';
import { type PlannedStep, type Progress, type StepProgress, silentProgress } from '../model/progress.ts';
import type { Work } from '../model/provider.ts';

export interface Step extends Work {
	/** Shown beside the title once the step is done. */
	report(detail: string): void;
	/** There was nothing to do; `detail` says what was found. */
	skip(detail: string): void;
	/** To be called before the thing comes into being: undone when this run fails, last made first. */
	takeBack(what: string, undo: (signal: AbortSignal) => Promise<unknown>): void;
}

type Results<N extends readonly Promise<unknown>[]> = { -readonly [K in keyof N]: Awaited<N[K]> };

/** How long taking back may last, so that an engine that hangs cannot hold us for ever. */
const takeBackTimeout = 120_000;
const secondLook = 700;

export class Run {
	readonly #progress: Progress;
	readonly #abort = new AbortController();
	readonly #signal: AbortSignal;
	readonly #planned: PlannedStep[] = [];
	readonly #results: Promise<unknown>[] = [];
	readonly #made: { what: string; undo: (signal: AbortSignal) => Promise<unknown> }[] = [];
	#firstFailure: unknown;
	readonly #begun: Promise<void>;
	#begin: () => void = () => {};

	constructor(progress: Progress, signal: AbortSignal) {
		this.#progress = progress;
		this.#signal = AbortSignal.any([signal, this.#abort.signal]);
		// A step may ask any number of things at the same time.
		setMaxListeners(0, this.#signal);
		this.#begun = new Promise((resolve) => {
			this.#begin = resolve;
		});
	}

	/** Plans a step; null: one that is not shown. It starts once `needs` are done, and never if one of them fails. */
	step<const N extends readonly Promise<unknown>[], R>(
		planned: PlannedStep | null,
		needs: N,
		action: (step: Step, ...found: Results<N>) => Promise<R>,
	): Promise<R> {
		if (planned !== null) this.#planned.push(planned);
		const result = this.#begun
			.then(() => Promise.all(needs) as Promise<Results<N>>)
			.then((found) => this.#perform(planned, (step) => action(step, ...found)));
		result.catch(() => {});
		this.#results.push(result);
		return result;
	}

	/** Resolves when every step is done; rejects with the first failure once what was made is taken back. */
	async finish(): Promise<void> {
		this.#progress.plan(this.#planned);
		this.#begin();
		const settled = await Promise.allSettled(this.#results);
		const rejected = settled.find((result) => result.status === 'rejected');
		if (rejected === undefined) return this.#progress.end();
		const troubles = await this.#takeBackAll();
		await this.#progress.end();
		throw addTroubles(this.#firstFailure ?? rejected.reason, troubles);
	}

	async #perform<R>(planned: PlannedStep | null, action: (step: Step) => Promise<R>): Promise<R> {
		this.#signal.throwIfAborted();
		const shown = planned === null ? silentProgress.start('') : this.#progress.start(planned.id);
		const ending = new Ending(shown);
		try {
			const result = await action({
				signal: this.#signal,
				tell: (detail) => shown.update(detail),
				report: (detail) => ending.set('done', detail),
				skip: (detail) => ending.set('skip', detail),
				takeBack: (what, undo) => this.#made.push({ what, undo }),
			});
			ending.show();
			return result;
		} catch (error) {
			shown.fail(this.#signal.aborted ? 'stopped' : describeError(error));
			this.#firstFailure ??= this.#signal.aborted ? this.#signal.reason : error;
			this.#abort.abort(error);
			throw error;
		}
	}

	/** Twice: an engine may still finish what it had been asked for when we stopped waiting for it. */
	async #takeBackAll(): Promise<Problem[]> {
		if (this.#made.length === 0) return [];
		this.#progress.note(`Taking back what this run made: ${this.#made.map((thing) => thing.what).join(', ')}`);
		const signal = AbortSignal.timeout(takeBackTimeout);
		await this.#undoEach(signal);
		await systemClock.sleep(secondLook);
		const troubles = await this.#undoEach(signal);
		for (const { message } of troubles) this.#progress.note(message);
		return troubles;
	}

	/** The last thing made goes first. */
	async #undoEach(signal: AbortSignal): Promise<Problem[]> {
		const troubles: Problem[] = [];
		for (const { what, undo } of this.#made.toReversed()) {
			try {
				await undo(signal);
			} catch (error) {
				const message = `${what} could not be taken back: ${describeError(error)}`;
				troubles.push({ code: 'not-taken-back', message, remedy: 'kubeproctor down removes what is left.' });
			}
		}
		return troubles;
	}
}

class Ending {
	readonly #shown: StepProgress;
	#kind: 'done' | 'skip' = 'done';
	#detail: string | undefined;

	constructor(shown: StepProgress) {
		this.#shown = shown;
	}

	set(kind: 'done' | 'skip', detail: string): void {
		this.#kind = kind;
		this.#detail = detail;
	}

	show(): void {
		if (this.#kind === 'skip') this.#shown.skip(this.#detail ?? '');
		else this.#shown.done(this.#detail);
	}
}

function addTroubles(failure: unknown, troubles: Problem[]): unknown {
	if (troubles.length === 0 || !(failure instanceof LabError)) return failure;
	const { code, message, remedy, cause, also } = failure;
	return new LabError({ code, message, remedy }, { cause, also: [...also, ...troubles] });
}
