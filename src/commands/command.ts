/** What every command is: a registration with commander, and an action that resolves to an exit code. */

import type { Command } from 'commander';
import type { Progress } from '../model/progress.ts';

/** What an action is handed beside its own arguments. */
export interface Context {
	/** `--name`; undefined: the only environment there is. */
	name: string | undefined;
	env: NodeJS.ProcessEnv;
	/** Writes results; a newline is added. */
	print(text: string): void;
	/** Writes a long result as `print` does, but page by page where it does not fit on the screen. */
	page(text: string): Promise<void>;
	/** Writes messages to stderr; a newline is added. With `--quiet` they are left out. */
	say(text: string): void;
	/** Whether a question may be asked: both ends are a terminal, and this is not CI. */
	isInteractive: boolean;
	/** Whether what is asked is written and answered as lines. */
	isPlain?: boolean;
	/** Whether stdout may be drawn anew in place: a terminal that knows how, where nobody else writes between. */
	isLive: boolean;
	/** Whether stdout takes colour. */
	hasColour: boolean;
	/** Columns to fill. */
	width: number;
	/** Aborted, with an InterruptedError as its reason, when someone asks to stop. */
	signal: AbortSignal;
	/** Leaves the terminal, with its Ctrl-C, to another program until that has ended. */
	lend<R>(use: () => Promise<R>): Promise<R>;
	/** Shows steps on stderr; `silent` for `-o json`. */
	openProgress(mode?: 'shown' | 'silent'): Promise<Progress>;
	/** Says on stderr what is being done, for how long, and who is waited for, once it takes over half a second. */
	showWait<R>(what: string, work: () => Promise<R>): Promise<R>;
}

/** Wraps an action so that commander can call it. */
export type Wrap = <A extends unknown[]>(
	action: (context: Context, ...args: A) => Promise<number>,
) => (...args: A) => Promise<void>;

/**
 * Adds one command. Only types and the nouns of `model/` may be imported at the top of such a file: what the action
 * needs it imports when it runs, so that each command loads only its own part of the program.
 */
export type Register = (program: Command, wrap: Wrap) => void;
