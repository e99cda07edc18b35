/** Questions to whoever sits at the terminal. */

import { InterruptedError, UsageError } from '../model/error.ts';

export interface Asking {
	/** Nobody may be asked: no terminal, or CI. */
	isInteractive: boolean;
	signal: AbortSignal;
}

/** `instead` tells, where nobody can be asked, how to say it without being asked. */
export async function askPassword(question: string, instead: string, asking: Asking): Promise<string> {
	const { answer } = await ask({ type: 'password', name: 'answer', message: question }, instead, asking);
	return String(answer);
}

/** Enter alone means no. */
export async function confirm(question: string, instead: string, asking: Asking): Promise<boolean> {
	const { answer } = await ask({ type: 'confirm', name: 'answer', message: question, default: false }, instead, asking);
	return answer === true;
}

type Question =
	| { type: 'password'; name: 'answer'; message: string }
	| { type: 'confirm'; name: 'answer'; message: string; default: boolean };

async function ask(
	question: Question,
	instead: string,
	{ isInteractive, signal }: Asking,
): Promise<{ answer: unknown }> {
	if (!isInteractive)
		throw new UsageError(`Cannot ask here, because this is no terminal: ${question.message}`, instead);
	signal.throwIfAborted();
	const { default: inquirer } = await import('inquirer');
	// Questions go to stderr: stdout may be a file, or the shell's $(…).
	const prompt = inquirer.createPromptModule({ output: process.stderr, signal });
	try {
		return await prompt<{ answer: unknown }>([question]);
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof Error && error.name === 'ExitPromptError') throw new InterruptedError('SIGINT');
		throw error;
	}
}
