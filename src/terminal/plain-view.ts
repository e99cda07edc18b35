/** Steps where nothing can be redrawn, such as a CI log: a line when something has ended, or takes long. */

import type { Look, StepView } from './progress.ts';
import { drawSymbol, formatSeconds, type StepRow, wondering } from './steps.ts';

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
			watch(row, wondering.later);
		};
		timers.set(row, setTimeout(tell, delay).unref());
	}

	return {
		show() {},
		change(row) {
			clearTimeout(timers.get(row));
			if (row.state === 'running') watch(row, wondering.first);
			else write(row);
		},
		note: (text) => void stream.write(`${text}\n`),
		async close() {
			for (const timer of timers.values()) clearTimeout(timer);
		},
	};
}
