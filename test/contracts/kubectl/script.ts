/** Reads a script: what is typed in a terminal, and what to wait for in between. */

export interface Script {
	/** `pods/restart-policy`: its path below scripts/, without the ending. */
	name: string;
	steps: Step[];
}

export type Step = Command | Until | Still | Background | Stop;

/** `$ …`: its output is part of the transcript. */
export interface Command {
	kind: 'command';
	text: string;
	exceptions: Exception[];
}

/** `until PATTERN: …`: runs it again and again, until its output matches. Leaves no trace when it does. */
export interface Until {
	kind: 'until';
	pattern: string;
	text: string;
}

/** `still`: what was awaited last has to hold yet; if not, it is awaited again, and all since then is done anew. */
export interface Still {
	kind: 'still';
}

/** `& …`: runs on beside what follows. */
export interface Background {
	kind: 'background';
	text: string;
}

/** `stop`: ends what runs in the background, and shows what it wrote. */
export interface Stop {
	kind: 'stop';
	exceptions: Exception[];
}

/** `except embedded: why`, on the line before a step whose output cannot be the same there. */
export interface Exception {
	cluster: string;
	reason: string;
}

/** Throws with the line's number where a line is none of these. */
export function parseScript(name: string, source: string): Script {
	const steps: Step[] = [];
	let exceptions: Exception[] = [];
	for (const [index, line] of source.split('\n').entries()) {
		const last = steps.at(-1);
		if (line.startsWith('> ') || line === '>') {
			if (last === undefined || !('text' in last)) throw new Error(`${name}:${index + 1}: nothing to continue`);
			last.text += `\n${line.slice(2)}`;
			continue;
		}
		const exception = /^except ([a-z]+): (\S.*)$/.exec(line);
		if (exception) {
			exceptions.push({ cluster: exception[1] ?? '', reason: exception[2] ?? '' });
			continue;
		}
		if (line.trim() === '' || line.startsWith('#')) continue;
		const step = parseStep(line, exceptions);
		if (step === null) throw new Error(`${name}:${index + 1}: neither a command nor a comment: ${line}`);
		steps.push(step);
		exceptions = [];
	}
	return { name, steps };
}

function parseStep(line: string, exceptions: Exception[]): Step | null {
	if (line.startsWith('$ ')) return { kind: 'command', text: line.slice(2), exceptions };
	if (line.startsWith('& ')) return { kind: 'background', text: line.slice(2) };
	if (line === 'still') return { kind: 'still' };
	if (line === 'stop') return { kind: 'stop', exceptions };
	const until = /^until (.+?): (.+)$/.exec(line);
	return until ? { kind: 'until', pattern: until[1] ?? '', text: until[2] ?? '' } : null;
}
