/** The tasks of a lab and how far they are, in as few lines as tell it: what a live view shows, and what a log does. */

import type { Report, TaskReport } from '../model/report.ts';
import type { Diagnosis, Outcome } from '../model/verdict.ts';
import { clean, wrap } from '../terminal/width.ts';
import type { ReporterOptions } from './index.ts';
import { createPaint, indent, marks, place, writeTaskLine } from './task-line.ts';

/** `isTold`: whether what is wrong with a task is said below it. */
export function listTasks(report: Report, options: ReporterOptions, isTold: (task: TaskReport) => boolean): string[] {
	const { width } = options;
	const { earned, possible } = report.score;
	const lines = [...place(report.lab.title, `${earned} / ${possible}`, width, indent), ''];
	for (const task of report.tasks) {
		lines.push(...writeTaskLine(task, describeState(task), options));
		const faults = isTold(task) ? listFaults(task) : [];
		lines.push(...faults.flatMap((text) => wrap(text, width - indent.length)).map((line) => indent + line));
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
	const states = report.tasks.map(({ outcome, number }) => `${number}\u00a0${marks[outcome]}`);
	const faults = report.tasks.filter(isTold).flatMap(listFaults);
	const lines = place(states.join('  '), `${earned} / ${possible}`, width, indent).map((line) =>
		line.replaceAll(/[✔✘?–]/g, (mark) => paint(mark)),
	);
	return [...lines, ...faults.flatMap((text) => wrap(text, width))];
}

/** One task in one line, with the word beside the mark, for a log and for whoever is read to. */
export function writeTask(task: TaskReport): string {
	const { earned, possible } = task.score;
	const points = task.outcome === 'pass' ? `${earned} of ${possible} points` : `${possible} points`;
	const faults = listFaults(task).join(' ');
	const told = faults === '' ? '' : `. ${faults}`;
	return `${marks[task.outcome]} ${words[task.outcome]}: ${task.number}. ${clean(task.title)}, ${points}${told}`;
}

/** What is so, without the words of Kubernetes and without a remedy. */
function listFaults({ outcome, checks, waitsFor }: TaskReport): string[] {
	if (outcome === 'skip') return [clean(`Do ${(waitsFor ?? []).join(', ')} first.`)];
	return checks.flatMap(({ diagnosis }) => (diagnosis === undefined ? [] : [describe(diagnosis)]));
}

function describe({ message, reason }: Diagnosis): string {
	return clean(`${message} (${reason})`);
}

const words: Record<Outcome, string> = { pass: 'done', fail: 'to do', error: 'not graded', skip: 'waits' };

function describeState({ outcome, score }: TaskReport): string {
	return outcome === 'pass' ? `${score.earned} / ${score.possible}` : `${words[outcome]} / ${score.possible}`;
}
