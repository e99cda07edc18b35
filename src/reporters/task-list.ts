/** The tasks of a lab and how far they are, in as few lines as tell it: what a live view shows, and what a log does. */

import picocolors from 'picocolors';
import type { Report, TaskReport } from '../model/report.ts';
import type { Diagnosis, Outcome } from '../model/verdict.ts';
import { spread, wrap } from '../terminal/width.ts';
import type { ReporterOptions } from './index.ts';

const indent = ' '.repeat(5);

/** `isTold`: whether what is wrong with a task is said below it. */
export function listTasks(
	report: Report,
	{ width, isColoured }: ReporterOptions,
	isTold: (task: TaskReport) => boolean,
): string[] {
	const paint = createPaint(isColoured);
	const { earned, possible } = report.score;
	const lines = [...place(report.lab.title, `${earned} / ${possible}`, width), ''];
	for (const [index, task] of report.tasks.entries()) {
		const mark = marks[task.outcome];
		const [first = '', ...rest] = place(`${mark} ${index + 1}  ${task.title}`, describeState(task), width);
		// Colour has no width, so it is laid on only after the line has been measured.
		lines.push(first.replace(mark, paint(mark)), ...rest);
		if (isTold(task))
			lines.push(...listFaults(task).flatMap((text) => wrap(text, width - indent.length).map((line) => indent + line)));
	}
	return lines;
}

/** The same where there is little room: a mark for each task, and what is wrong with those that are told of. */
export function listTasksBriefly(
	report: Report,
	{ width, isColoured }: ReporterOptions,
	isTold: (task: TaskReport) => boolean,
): string[] {
	const paint = createPaint(isColoured);
	const { earned, possible } = report.score;
	const states = report.tasks.map(({ outcome }, index) => `${index + 1}\u00a0${marks[outcome]}`);
	const faults = report.tasks.filter(isTold).flatMap(listFaults);
	const lines = place(states.join('  '), `${earned} / ${possible}`, width).map((line) =>
		line.replaceAll(/[✔✘?–]/g, (mark) => paint(mark)),
	);
	return [...lines, ...faults.flatMap((text) => wrap(text, width))];
}

/** One task in one line, with the word beside the mark, for a log and for whoever is read to. */
export function writeTask(task: TaskReport, number: number): string {
	const { earned, possible } = task.score;
	const points = task.outcome === 'pass' ? `${earned} of ${possible} points` : `${possible} points`;
	const faults = listFaults(task).join(' ');
	return `${marks[task.outcome]} ${words[task.outcome]}: ${number}. ${task.title}, ${points}${faults === '' ? '' : `. ${faults}`}`;
}

/** What is so, without the words of Kubernetes and without a remedy. */
function listFaults({ outcome, checks, waitsFor }: TaskReport): string[] {
	if (outcome === 'skip') return [`Do ${(waitsFor ?? []).join(', ')} first.`];
	return checks.flatMap(({ diagnosis }) => (diagnosis === undefined ? [] : [describe(diagnosis)]));
}

function describe({ message, reason }: Diagnosis): string {
	return `${message} (${reason})`;
}

const marks: Record<Outcome, string> = { pass: '✔', fail: '✘', error: '?', skip: '–' };
const words: Record<Outcome, string> = { pass: 'done', fail: 'to do', error: 'not graded', skip: 'waits' };

function describeState({ outcome, score }: TaskReport): string {
	return outcome === 'pass' ? `${score.earned} / ${score.possible}` : `${words[outcome]} / ${score.possible}`;
}

function createPaint(isColoured: boolean): (mark: string) => string {
	const { green, red, yellow, dim } = picocolors.createColors(isColoured);
	const colours: Record<string, (text: string) => string> = { '✔': green, '✘': red, '?': yellow, '–': dim };
	return (mark) => colours[mark]?.(mark) ?? mark;
}

/** At both margins of one line, or below each other where they do not fit. */
function place(left: string, right: string, width: number): string[] {
	const line = spread(left, right, width);
	if (line !== null) return [line];
	const [first = '', ...rest] = wrap(left, width - indent.length);
	return [first, ...rest.map((text) => indent + text), indent + right];
}
