/** Lines that keep within a width. */

/** Wide enough for every screen of ours; a wider terminal would only tear title and time apart. */
const widest = 80;

/** Columns to fill: those of the terminal and no more than COLUMNS, within reason. */
export function chooseWidth(stream: { columns?: number }, env: NodeJS.ProcessEnv = process.env): number {
	return Math.min(stream.columns || widest, readColumns(env) ?? widest, widest);
}

function readColumns({ COLUMNS: text = '' }: NodeJS.ProcessEnv): number | null {
	return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
}

export function truncate(text: string, width: number): string {
	const characters = [...text];
	return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Breaks at blanks; what is longer than a line, such as a path, stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}
	return [...lines, line];
}

/** On one line, and without what would steer the terminal: for what somebody wrote into an object or a registry answered. */
export function clean(text: string): string {
	return text.replaceAll(/\p{Cc}/gu, ' ');
}

/** `left` at the left margin, `right` at the right one; null where they do not fit beside each other. */
export function spread(left: string, right: string, width: number): string | null {
	const gap = width - [...left].length - [...right].length;
	return gap < 2 ? null : left + ' '.repeat(gap) + right;
}

/** Each line of a text for itself, so that those it has stay. */
export function wrapLines(text: string, width: number): string {
	return text
		.split('\n')
		.flatMap((line) => wrap(line, width))
		.join('\n');
}

/** Rows of a terminal that a line takes. */
export function countRows(line: string, columns: number): number {
	return Math.max(1, Math.ceil(measure(line) / columns));
}

/** Columns that a text takes, without what only gives it colour. */
function measure(text: string): number {
	return [...text.replaceAll(/\u001b\[[\d;]*m/g, '')].length;
}
