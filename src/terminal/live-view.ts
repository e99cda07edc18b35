/** Steps on a terminal, redrawn in place by listr2 until the action ends. */

import { DefaultRenderer, Listr, ListrLogger, ProcessOutput, Spinner } from 'listr2';
import type { Look, StepView } from './progress.ts';
import { drawRow, type StepRow } from './steps.ts';
import { wrap } from './width.ts';

/**
 * listr2 redraws, hides the cursor and holds back what others write meanwhile. The lines are ours: it starts concurrent
 * tasks all at once, so its own could not show a step that waits for another one.
 */
export function createLiveView({ stream, width, palette }: Look): StepView {
	const spinner = new Spinner();
	const notes: string[] = [];
	let rows: readonly StepRow[] = [];
	let isClosed = false;
	let running: Promise<unknown> | undefined;
	const { promise: closed, resolve: close } = defer();

	function draw(): string {
		// One column is left free, because listr2 counts ✔ as two and would break a full line.
		const columns = width() - 1;
		const look = { width: columns, now: performance.now(), spinner: spinner.fetch(), palette };
		const begun = isClosed ? rows.filter((row) => row.state !== 'waiting') : rows;
		return [...begun.map((row) => drawRow(row, look)), ...notes.flatMap((note) => wrap(note, columns))].join('\n');
	}

	class StepRenderer extends DefaultRenderer {
		// Its opinion is about stdout, which may well be a file or a pipe here.
		static override nonTTY = true;

		override create(): string {
			return draw();
		}
	}

	return {
		show(all) {
			rows = all;
			running ??= new Listr([{ task: () => closed }], {
				renderer: StepRenderer,
				rendererOptions: { spinner, logger: new ListrLogger({ processOutput: new ProcessOutput(stream, stream) }) },
				registerSignalListeners: false,
			}).run();
		},
		change() {},
		note(text) {
			if (running && !isClosed) notes.push(...text.split('\n'));
			else stream.write(`${text}\n`);
		},
		async close() {
			isClosed = true;
			close();
			await running;
		},
	};
}

function defer(): { promise: Promise<void>; resolve: () => void } {
	let resolve = () => {};
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve };
}
