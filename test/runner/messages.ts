/** What a test file tells the runner over its IPC channel, while it runs. */

export type Message =
	| { type: 'suite'; suite: string; id: number }
	| { type: 'run'; id: number; tests: number }
	| { type: 'begin'; id: number; test: string }
	| { type: 'end'; id: number; test: string; error?: ReportedError }
	| { type: 'skip'; id: number; test: string; reason: string }
	| { type: 'hook'; id: number; hook: string; error: ReportedError }
	/** Every suite is done, but the process does not end: what keeps it. */
	| { type: 'open'; resources: string[] };

export interface ReportedError {
	message: string;
	/** A diff, where two values were compared. */
	details?: string;
	/** Frames of our own files, one per line. */
	stack: string;
}

/** Env variable that holds the text a test's name must contain. */
export const grepVariable = 'TEST_GREP';
