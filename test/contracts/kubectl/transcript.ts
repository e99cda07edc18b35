/** A transcript: what a terminal showed, step by step, as text that people read and that two clusters must agree on. */

import type { Exception } from './script.ts';

export interface Entry {
	/** With its prompt: `$ kubectl get pods`. */
	command: string;
	/** Every line of it, with the exit code where it is not 0. */
	output: string;
	exceptions: Exception[];
}

/** With a cluster's name: without the outputs that are excepted there. */
export function renderTranscript(entries: readonly Entry[], cluster?: string): string {
	return entries
		.map((entry) => {
			const exception = entry.exceptions.find((each) => each.cluster === cluster);
			return `${entry.command}\n${exception ? `[not compared: ${exception.reason}]\n` : entry.output}`;
		})
		.join('\n');
}

/** A golden transcript, taken apart by the commands of a run of the same script; null where it is of another script. */
export function readTranscript(text: string, entries: readonly Entry[]): Entry[] | null {
	const starts: number[] = [];
	let from = 0;
	for (const { command } of entries) {
		const start = text.startsWith(`${command}\n`, from) ? from : text.indexOf(`\n${command}\n`, from) + 1;
		if (start === 0 && from > 0) return null;
		starts.push(start);
		from = start + command.length;
	}
	if (starts[0] !== 0) return entries.length === 0 && text === '' ? [] : null;
	return entries.map((entry, index) => {
		const next = starts[index + 1];
		const whole = next === undefined ? text.slice(starts[index]) : text.slice(starts[index], next - 1);
		return { ...entry, output: whole.slice(entry.command.length + 1) };
	});
}

export function renderCommand(prompt: '$' | '&', text: string): string {
	return `${prompt} ${text.replaceAll('\n', '\n> ')}`;
}

/** Lines of stderr stand after those of stdout, and are marked. */
export function renderOutput(stdout: string, stderr: string, exitCode: number | null): string {
	const marked = stderr === '' ? '' : endLine(stderr).replaceAll(/^/gm, '2> ').replace(/2> $/, '');
	return `${stdout === '' ? '' : endLine(stdout)}${marked}${exitCode === 0 ? '' : `[exit ${exitCode ?? 'by signal'}]\n`}`;
}

function endLine(text: string): string {
	return text.endsWith('\n') ? text : `${text}⏎\n`;
}

/** The lines that differ, with the command they belong to. */
export function describeDifference(expected: string, actual: string): string {
	const was = splitSteps(expected);
	return splitSteps(actual)
		.map((step) => (step.startsWith('until ') ? step : describeStep(was.shift() ?? '', step)))
		.concat(was.map((step) => describeStep(step, '')))
		.filter((text) => text !== '')
		.join('\n');
}

function splitSteps(transcript: string): string[] {
	return transcript.split(/\n(?=[$&] |until )/);
}

/** Empty where nothing differs. */
function describeStep(before: string, after: string): string {
	if (before.trimEnd() === after.trimEnd()) return '';
	return describeLines((before || after).split('\n')[0] ?? '', before, after);
}

/** The lines of which there are none on the other side, below a title. */
export function describeLines(title: string, before: string, after: string): string {
	const [was, is] = [before.split('\n'), after.split('\n')];
	const gone = was.filter((line) => !is.includes(line)).map((line) => `  - ${line}`);
	const come = is.filter((line) => !was.includes(line)).map((line) => `  + ${line}`);
	const lines = [...gone, ...come];
	return [title, ...(lines.length > 0 ? lines : ['  (the same lines in another order or number)'])].join('\n');
}
