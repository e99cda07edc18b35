/** How a failure reads on stderr, and the exit code that goes with it. */

import { describeError, exitCodes, InterruptedError, LabError, type Problem, UsageError } from '../model/error.ts';
import { nameCalls } from '../model/identity.ts';
import { createPalette } from './colour.ts';
import { spread, wrap } from './width.ts';

export interface FailureLook {
	isColoured: boolean;
	/** Columns to fill; null: lines stay whole, which is what a log is searched by. */
	width: number | null;
	/** Of the environment that was named. */
	name?: string | undefined;
	/** Name and version of this program, for a report of a mistake of ours. */
	program: string;
}

export interface Failure {
	text: string;
	exitCode: number;
}

const exitBySignal = {
	SIGINT: exitCodes.interrupted,
	SIGTERM: exitCodes.terminated,
	SIGHUP: exitCodes.hungUp,
} as const;

/** `stop`: what the abort signal says, where someone asked to stop. */
export function describeFailure(thrown: unknown, stop: unknown, look: FailureLook): Failure {
	const interruption = [thrown, stop].find((each) => each instanceof InterruptedError);
	const stopCode = interruption && exitBySignal[interruption.signal];
	if (thrown instanceof InterruptedError || (stopCode && isAbort(thrown))) {
		const exitCode = stopCode ?? exitCodes.interrupted;
		return { exitCode, text: drawProblem('Stopped before the end.', '', exitCode, look) };
	}
	if (thrown instanceof UsageError) {
		const exitCode = stopCode ?? exitCodes.usage;
		return { exitCode, text: drawProblem(thrown.message, thrown.remedy ?? '', exitCode, look) };
	}
	if (thrown instanceof LabError) {
		const exitCode = stopCode ?? exitCodes.machine;
		return { exitCode, text: drawProblems([thrown, ...thrown.also], exitCode, look) };
	}
	const exitCode = stopCode ?? exitCodes.bug;
	return { exitCode, text: drawBug(thrown, exitCode, look) };
}

function isAbort(thrown: unknown): boolean {
	return thrown instanceof Error && thrown.name === 'AbortError';
}

function drawProblems(problems: readonly Problem[], exitCode: number, look: FailureLook): string {
	return problems
		.map(({ message, remedy }, index) => drawProblem(message, remedy, index === 0 ? exitCode : null, look))
		.join('\n');
}

/** The message's first line is the headline; the exit code stands at its right. */
function drawProblem(message: string, remedy: string, exitCode: number | null, look: FailureLook): string {
	const [headline = '', ...rest] = message.split('\n');
	const { red } = createPalette(look.isColoured);
	const lines = fold(headline, look.width);
	const last = lines.pop() ?? '';
	const exit = exitCode === null ? '' : `exit ${exitCode}`;
	const tail = spread(last, exit, (look.width ?? 80) - 2) ?? `${last}  ${exit}`;
	const head = [...lines, tail.trimEnd()].map((line, index) => `${index === 0 ? red('✘') : ' '} ${line}`);
	const body = [...rest, ...(remedy === '' ? [] : nameCalls(remedy, look.name).split('\n'))];
	return [...head, ...body.flatMap((line) => fold(line, look.width)).map((line) => `  ${line}`)].join('\n');
}

/** Lines that are set off by a blank are commands or places: they are never broken. */
function fold(line: string, width: number | null): string[] {
	return width === null || line.startsWith(' ') ? [line] : wrap(line, width - 2);
}

function drawBug(thrown: unknown, exitCode: number, look: FailureLook): string {
	const stack = thrown instanceof Error && thrown.stack ? thrown.stack : describeError(thrown);
	const causes: string[] = [];
	for (let cause = (thrown as Error)?.cause; cause instanceof Error; cause = cause.cause) {
		causes.push(`caused by ${cause.stack ?? cause.message}`);
	}
	const where = `${look.program}, Node ${process.version}, ${process.platform} ${process.arch}`;
	const head = drawProblem('This is a mistake of the program, not of yours.', '', exitCode, look);
	return [head, stack, ...causes, `  ${where}`, '  Please report this with the lines above.'].join('\n');
}
