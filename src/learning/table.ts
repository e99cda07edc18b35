/** A Markdown table in columns as wide as they need to be; where the terminal is too narrow, row by row. */

import type { Token, Tokens } from 'marked';
import { type Look, measure, wrapInline } from './inline.ts';

const gap = '  ';

export function drawTable(table: Tokens.Table, look: Look): string[] {
	const rows = [table.header, ...table.rows];
	const columns = table.header.map((_, column) => rows.map((row) => row[column]?.tokens ?? []));
	const measureAll = (width: number) => columns.map((cells) => measureColumn(cells, { ...look, width }));
	// In a column of width 1 every word is a line of its own, so the widest line is the longest word.
	const widths = chooseWidths(measureAll(Number.POSITIVE_INFINITY), measureAll(1), look.width);
	if (widths === null) return drawRecords(table, look);
	const [header = [], ...body] = rows.map((row) => drawRow(row, widths, look));
	const rule = widths.map((width) => look.paint.dim('─'.repeat(width))).join(gap);
	return [...header.map(look.paint.bold), rule, ...body.flat()];
}

function measureColumn(cells: readonly Token[][], look: Look): number {
	return Math.max(...cells.flatMap((tokens) => wrapInline(tokens, look).map(measure)));
}

/** Takes from the widest columns what is too much; null where words would have to be broken. */
function chooseWidths(wanted: readonly number[], least: readonly number[], total: number): number[] | null {
	const widths = [...wanted];
	const sum = () => widths.reduce((all, width) => all + width, gap.length * (widths.length - 1));
	while (sum() > total) {
		const spare = widths.map((width, column) => (width > (least[column] ?? 0) ? width : 0));
		const widest = spare.indexOf(Math.max(...spare));
		if (spare[widest] === 0) return null;
		widths[widest] = (widths[widest] ?? 0) - 1;
	}
	return widths;
}

function drawRow(cells: readonly Tokens.TableCell[], widths: readonly number[], look: Look): string[] {
	const columns = widths.map((width, index) => wrapInline(cells[index]?.tokens ?? [], { ...look, width }));
	const height = Math.max(...columns.map((lines) => lines.length));
	return Array.from({ length: height }, (_, line) =>
		columns
			.map((lines, column) => {
				const text = lines[line] ?? '';
				return text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - measure(text)));
			})
			.join(gap)
			.trimEnd(),
	);
}

/** Each row as a paragraph: the first cell as its heading, the others below it, by the names of their columns. */
export function drawRecords({ header, rows }: Tokens.Table, look: Look): string[] {
	return rows.flatMap((row, index) => {
		const [first, ...others] = row;
		const lines = wrapInline(first?.tokens ?? [], look).map(look.paint.bold);
		for (const [position, cell] of others.entries()) {
			const name = header[position + 1]?.tokens ?? [];
			const label = name.length === 0 ? [] : [...name, { type: 'text', raw: ': ', text: ': ' } as const];
			lines.push(
				...wrapInline([...label, ...cell.tokens], { ...look, width: look.width - 2 }).map((line) => `  ${line}`),
			);
		}
		return index === 0 ? lines : ['', ...lines];
	});
}
