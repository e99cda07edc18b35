/** Errors that a person can act on: each says what happened, where, and what to do. */

/** Exit codes of the program; see docs/architecture.md, "Errors and exits". */
export const exitCodes = {
	ok: 0,
	learner: 1,
	usage: 2,
	machine: 3,
	bug: 70,
	hungUp: 129,
	interrupted: 130,
	terminated: 143,
} as const;

/** One thing that is wrong with the machine or the environment, with its remedy. */
export interface Problem {
	/** Stable kebab-case identity, for scripts. */
	code: string;
	message: string;
	remedy: string;
}

/** The machine, the cluster or the registry is at fault: exit 3. */
export class LabError extends Error {
	override readonly name = 'LabError';
	readonly code: string;
	readonly remedy: string;
	/** Further problems found in the same look, so that all are reported at once. */
	readonly also: readonly Problem[];

	constructor(problem: Problem, options: { cause?: unknown; also?: readonly Problem[] } = {}) {
		super(problem.message, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = problem.code;
		this.remedy = problem.remedy;
		this.also = options.also ?? [];
	}
}

/** The command line or a lab's author is at fault: exit 2. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
	readonly remedy: string | undefined;

	constructor(message: string, remedy?: string) {
		super(message);
		this.remedy = remedy;
	}
}

/** Someone asked to stop. What this run made is taken back before this reaches the top. */
export class InterruptedError extends Error {
	override readonly name = 'InterruptedError';
	readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';

	constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' = 'SIGINT') {
		super(`interrupted by ${signal}`);
		this.signal = signal;
	}
}

/** In one paragraph; a message that ends with somebody else's words has no full stop. */
export function describeProblem({ message, remedy }: Pick<Problem, 'message' | 'remedy'>): string {
	return `${message}${/[.!?]$/.test(message) ? '' : '.'} ${remedy}`;
}

/** The text of anything that was thrown. */
export function describeError(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Of a file that cannot be written. Of a folder that cannot be made Node says no more than that it is not there. */
export function describeWriteError(error: unknown): string {
	const { code, syscall, path } = error as { code?: string; syscall?: string; path?: string };
	return code === 'ENOENT' && syscall === 'mkdir' ? `no folder can be made at ${path}.` : describeError(error);
}
