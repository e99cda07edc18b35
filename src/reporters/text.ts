/** The report as a person reads it in a terminal. */

import picocolors from 'picocolors';
import { nameCalls } from '../model/identity.ts';
import type { Report, TaskReport } from '../model/report.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { clean, wrap } from '../terminal/width.ts';
import type { ReporterOptions } from './index.ts';
import { indent, place, writeTaskLine } from './task-line.ts';

const factIndent = ' '.repeat(7);
/** Wide enough for the longest name of a fact, and two blanks. */
const factWidth = 10;

export function reportAsText(report: Report, options: ReporterOptions): string {
	const { width, isColoured, name } = options;
	const paint = picocolors.createColors(isColoured);
	const { earned, possible, ungraded } = report.score;
	const total = `${earned} / ${possible}`;
	const lines = [...place(report.lab.title, total, width, ''), ''];
	for (const task of report.tasks) lines.push(...describeTask(task));
	lines.push('', ...summarise());
	return lines.join('\n');

	function describeTask(task: TaskReport): string[] {
		const shown = writeTaskLine(task, describePoints(task), options);
		for (const verdict of task.checks) {
			if (verdict.diagnosis) shown.push(...describeDiagnosis(verdict.diagnosis));
		}
		if (task.outcome === 'skip' && task.waitsFor)
			shown.push(...indented(`Do ${task.waitsFor.join(', ')} first.`, indent));
		return shown;
	}

	function describeDiagnosis(diagnosis: Diagnosis): string[] {
		const { reason, message, expected, actual, remedy, also = [] } = diagnosis;
		const facts = [...describeFact('expected', expected), ...describeFact('found', actual)];
		return [
			...indented(message, indent),
			...facts,
			...place('', reason, width, '').map((line) => paint.dim(line)),
			...also.flatMap((other) => indented(`Besides: ${other.message}`, indent)),
			...nameCalls(remedy ?? '', name)
				.split('\n')
				.flatMap(describeRemedy),
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
		const only = count === 1 ? report.tasks[0] : undefined;
		const parts = [
			undone === 0 && untold === 0 ? (only ? `Task ${only.number} is done.` : `All ${count} tasks are done.`) : '',
			undone > 0 ? (only ? `Task ${only.number} is to do.` : `${undone} of ${count} to do.`) : '',
			untold > 0 ? `${only ? `Task ${only.number}` : untold} could not be graded.` : '',
			ungraded > 0 ? `${ungraded} points are neither earned nor lost.` : '',
		];
		const sentences = [parts.filter((part) => part !== '').join(' '), ...report.notes];
		return sentences.flatMap((sentence) => wrap(clean(sentence), width));
	}
}

function describePoints({ outcome, score }: TaskReport): string {
	if (outcome === 'error') return `not graded / ${score.possible}`;
	if (outcome === 'skip') return `not begun / ${score.possible}`;
	return `${score.earned} / ${score.possible}`;
}

function isCommand(line: string): boolean {
	return /^(kubectl|kubeproctor| {2}--)/.test(line);
}
