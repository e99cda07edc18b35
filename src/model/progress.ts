/** What a long action tells whoever watches it, without knowing how it is shown. */

export interface PlannedStep {
	id: string;
	title: string;
}

export interface StepProgress {
	/** What the step is waiting for now, shown beside its title. */
	update(detail: string): void;
	done(detail?: string): void;
	/** Nothing to do: what was found instead. */
	skip(detail: string): void;
	fail(message: string): void;
}

export interface Progress {
	/** Every step of the action, in the order in which it should be shown, before the first one starts. */
	plan(steps: readonly PlannedStep[]): void;
	start(id: string): StepProgress;
	/** A line that belongs to no step. */
	note(text: string): void;
	/** No more steps will start. Resolves once everything has been shown. */
	end(): Promise<void>;
}

/** Shows nothing. */
export const silentProgress: Progress = {
	plan() {},
	start: () => ({ update() {}, done() {}, skip() {}, fail() {} }),
	note() {},
	async end() {},
};
