/** Steps of a long action on stderr: redrawn in place on a terminal, one line per event elsewhere. */

import type { PlannedStep, Progress, StepProgress } from '../model/progress.ts';
import { createPalette, type Palette } from './colour.ts';
import { createRow, type StepRow, type StepState } from './steps.ts';

export interface ProgressOptions {
	stream: NodeJS.WriteStream;
	isColoured: boolean;
	/** Columns to fill, asked anew for each drawing, because terminals are resized. */
	width(): number;
	/** Whether lines may be redrawn; not where others write between them. */
	isLive: boolean;
}

/** A progress that can also tell what has not ended yet. */
export interface ShownProgress extends Progress {
	/** Titles of the steps that have begun and not ended. */
	running(): string[];
}

/** How the rows are shown; they change under its hands. */
export interface StepView {
	/** All the steps there are; called again when some are added. */
	show(rows: readonly StepRow[]): void;
	change(row: StepRow): void;
	note(text: string): void;
	close(): Promise<void>;
}

export interface Look {
	stream: NodeJS.WriteStream;
	width(): number;
	palette: Palette;
}

export async function openProgress(options: ProgressOptions): Promise<ShownProgress> {
	const look: Look = { ...options, palette: createPalette(options.isColoured) };
	const view = options.isLive
		? (await import('./live-view.ts')).createLiveView(look)
		: (await import('./plain-view.ts')).createPlainView(look);
	const rows = new Map<string, StepRow>();

	function start(id: string): StepProgress {
		if (!rows.has(id)) plan([{ id, title: id }]);
		const row = rows.get(id) as StepRow;
		Object.assign(row, { state: 'running', detail: '', startedAt: performance.now(), endedAt: null });
		view.change(row);
		const settle = (state: StepState) => (detail?: string) => {
			if (row.state !== 'running') return;
			Object.assign(row, { state, endedAt: performance.now(), detail: detail ?? '' });
			view.change(row);
		};
		return {
			update(detail) {
				row.detail = detail;
			},
			done: settle('done'),
			skip: settle('skipped'),
			fail: settle('failed'),
		};
	}

	function plan(steps: readonly PlannedStep[]): void {
		for (const step of steps) rows.set(step.id, createRow(step));
		view.show([...rows.values()]);
	}

	return {
		plan,
		start,
		note: (text) => view.note(text),
		end: () => view.close(),
		running: () => [...rows.values()].filter((row) => row.state === 'running').map((row) => row.title),
	};
}
