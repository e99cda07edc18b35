/** The report as a person reads it in a terminal. */

import picocolors from 'picocolors';
import type { Report, TaskReport } from '../model/report.ts';
import type { Diagnosis, Outcome } from '../model/verdict.ts';
import { clean, spread, wrap } from '../terminal/width.ts';
import type { ReporterOptions } from './index.ts';

const indent = ' '.repeat(5);
const factIndent = ' '.repeat(7);
/** Wide enough for the longest name of a fact, and two blanks. */
const factWidth = 10;

export function reportAsText(report: Report, { width, isColoured }: ReporterOptions): string {
	const paint = picocolors.createColors(isColoured);
	const { earned, possible, ungraded } = report.score;
	const total = `${earned} / ${possible}`;
	const lines = [...place(report.lab.title, total, ''), ''];
	for (const [index, task] of report.tasks.entries()) lines.push(...describeTask(task, index + 1));
	lines.push('', ...summarise());
	return lines.join('\n');

	function describeTask(task: TaskReport, number: number): string[] {
		const title = `${mark(task.outcome)} ${number}  ${task.title}`;
		const points = describePoints(task);
		// Colour has no width, so it is laid on only after the line has been measured.
		const [first = '', ...rest] = place(title, points, indent);
		const shown = [first.replace(mark(task.outcome), paintMark(task.outcome)), ...rest];
		for (const verdict of task.checks) {
			if (verdict.diagnosis) shown.push(...describeDiagnosis(verdict.diagnosis));
		}
		if (task.outcome === 'skip' && task.waitsFor)
			shown.push(...indented(`Do ${task.waitsFor.join(', ')} first.`, indent));
		return shown;
	}

	/** At both margins of one line, or below each other where they do not fit. */
	function place(left: string, right: string, by: string): string[] {
		const shown = clean(left);
		const line = spread(shown, right, width);
		if (line !== null) return [line];
		const [first = '', ...rest] = wrap(shown, width - by.length);
		return [first, ...rest.map((text) => by + text), by + right];
	}

	function describeDiagnosis(diagnosis: Diagnosis): string[] {
		const { reason, message, expected, actual, remedy, also = [] } = diagnosis;
		const facts = [...describeFact('expected', expected), ...describeFact('found', actual)];
		return [
			...indented(message, indent),
			...facts,
			...place('', reason, '').map((line) => paint.dim(line)),
			...also.flatMap((other) => indented(`Besides: ${other.message}`, indent)),
			...(remedy ?? '').split('\n').flatMap(describeRemedy),
		];
	}

	function describeFact(name: string, value: string | undefined): string[] {
		if (!value) return [];
		const space = width - factIndent.length - factWidth;
		const shown = value.split('\n').flatMap((line) => wrap(clean(line), space));
		return shown.map((line, index) => `${factIndent}${(index === 0 ? name : '').padEnd(factWidth)}${line}`);
	}

	/** Commands stay on one line, so that they can be copied; prose is wrapped. */
	function describeRemedy(line: string): string[] {
		if (line === '') return [];
		return isCommand(line) ? [`${factIndent}${paint.bold(clean(line))}`] : indented(line, indent);
	}

	function indented(text: string, by: string): string[] {
		return wrap(clean(text), width - by.length).map((line) => by + line);
	}

	function summarise(): string[] {
		const undone = report.tasks.filter((task) => task.outcome === 'fail' || task.outcome === 'skip').length;
		const untold = report.tasks.filter((task) => task.outcome === 'error').length;
		const count = report.tasks.length;
		const parts = [
			undone === 0 && untold === 0 ? (count === 1 ? 'Done.' : `All ${count} tasks are done.`) : '',
			undone > 0 ? `${undone} of ${count} to do.` : '',
			untold > 0 ? `${untold} could not be graded.` : '',
			ungraded > 0 ? `${ungraded} points are neither earned nor lost.` : '',
		];
		const sentences = [parts.filter((part) => part !== '').join(' '), ...report.notes];
		return sentences.flatMap((sentence) => wrap(clean(sentence), width));
	}

	function paintMark(outcome: Outcome): string {
		const colour = { pass: paint.green, fail: paint.red, error: paint.yellow, skip: paint.dim }[outcome];
		return colour(mark(outcome));
	}
}

function mark(outcome: Outcome): string {
	return { pass: '✔', fail: '✘', error: '?', skip: '–' }[outcome];
}

function describePoints({ outcome, score }: TaskReport): string {
	if (outcome === 'error') return `not graded / ${score.possible}`;
	if (outcome === 'skip') return `not begun / ${score.possible}`;
	return `${score.earned} / ${score.possible}`;
}

function isCommand(line: string): boolean {
	return /^(kubectl|kubeproctor| {2}--)/.test(line);
}
