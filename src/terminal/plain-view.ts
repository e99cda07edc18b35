/** Steps where nothing can be redrawn, such as a CI log: a line when something has ended, or takes long. */

import type { Look, StepView } from './progress.ts';
import { drawSymbol, formatSeconds, type StepRow } from './steps.ts';

/** Milliseconds after which a reader of the log wants to know what is going on, and how long until again. */
const firstWonder = 500;
const laterWonder = 10_000;

export function createPlainView({ stream, palette }: Look): StepView {
	const timers = new Map<StepRow, NodeJS.Timeout>();

	function write(row: StepRow): void {
		const time = formatSeconds(row, performance.now());
		const text = [row.title, row.detail, time].filter((part) => part !== '').join('  ');
		stream.write(`${drawSymbol(row.state, '…', palette)} ${text}\n`);
	}

	function watch(row: StepRow, delay: number): void {
		const tell = () => {
			write(row);
			watch(row, laterWonder);
		};
		timers.set(row, setTimeout(tell, delay).unref());
	}

	return {
		show() {},
		change(row) {
			clearTimeout(timers.get(row));
			if (row.state === 'running') watch(row, firstWonder);
			else write(row);
		},
		note: (text) => void stream.write(`${text}\n`),
		async close() {
			for (const timer of timers.values()) clearTimeout(timer);
		},
	};
}
