/** The line by which a task is told, in a report and in a list of tasks alike. */

import picocolors from 'picocolors';
import type { TaskReport } from '../model/report.ts';
import type { Outcome } from '../model/verdict.ts';
import { clean, spread, wrap } from '../terminal/width.ts';
import type { ReporterOptions } from './index.ts';

export const marks: Record<Outcome, string> = { pass: '✔', fail: '✘', error: '?', skip: '–' };

/** Before what is said below a task. */
export const indent = ' '.repeat(5);

/** `state`: how far it is, at the right margin. More than one line where it does not fit. */
export function writeTaskLine(
	{ outcome, title, number }: TaskReport,
	state: string,
	{ width, isColoured }: ReporterOptions,
): string[] {
	const mark = marks[outcome];
	const [first = '', ...rest] = place(`${mark} ${number}  ${title}`, state, width, indent);
	// Colour has no width, so it is laid on only after the line has been measured.
	return [first.replace(mark, createPaint(isColoured)(mark)), ...rest];
}

export function createPaint(isColoured: boolean): (mark: string) => string {
	const { green, red, yellow, dim } = picocolors.createColors(isColoured);
	const colours: Record<string, (text: string) => string> = { '✔': green, '✘': red, '?': yellow, '–': dim };
	return (mark) => colours[mark]?.(mark) ?? mark;
}

/** At both margins of one line, or below each other where they do not fit, from the second line on after `by`. */
export function place(left: string, right: string, width: number, by: string): string[] {
	const shown = clean(left);
	const line = spread(shown, right, width);
	if (line !== null) return [line];
	const [first = '', ...rest] = wrap(shown, width - by.length);
	return [first, ...rest.map((text) => by + text), by + right];
}
