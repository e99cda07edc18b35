/** What is known of each step while an action runs, and how one step reads as a line. */

import type { PlannedStep } from '../model/progress.ts';
import type { Palette } from './colour.ts';
import { truncate } from './width.ts';

export type StepState = 'waiting' | 'running' | 'done' | 'skipped' | 'failed';

export interface StepRow {
	title: string;
	state: StepState;
	detail: string;
	/** Milliseconds since some moment; null until it starts. */
	startedAt: number | null;
	endedAt: number | null;
}

/** Milliseconds after which somebody wonders what is going on, and how long until again. */
export const wondering = { first: 500, later: 10_000 };

/** Room for `1234.5 s`, so that times stand below each other. */
const timeWidth = 8;

export function createRow({ title }: Pick<PlannedStep, 'title'>): StepRow {
	return { title, state: 'waiting', detail: '', startedAt: null, endedAt: null };
}

export function formatSeconds(row: StepRow, now: number): string {
	if (row.startedAt === null || row.state === 'skipped') return '';
	return formatDuration((row.endedAt ?? now) - row.startedAt);
}

export function formatDuration(milliseconds: number): string {
	return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Title on the left, time on the right, and as much of the detail as fits between them. */
export function drawRow(row: StepRow, look: { width: number; now: number; spinner: string; palette: Palette }): string {
	const { palette, width } = look;
	const room = width - 2;
	const time = formatSeconds(row, look.now).padStart(timeWidth);
	const title = truncate(row.title, room - timeWidth);
	const detail = truncate(row.detail, room - timeWidth - title.length - 2);
	// A stump of a detail says less than none.
	const isShown = detail === row.detail || detail.length >= 12;
	const between = (isShown ? detail : '').padStart(room - timeWidth - title.length);
	return `${drawSymbol(row.state, look.spinner, palette)} ${colourTitle(row.state, title, palette)}${palette.dim(between + time)}`;
}

export function drawSymbol(state: StepState, spinner: string, palette: Palette): string {
	if (state === 'done') return palette.green('✔');
	if (state === 'failed') return palette.red('✘');
	if (state === 'skipped') return palette.green('–');
	return state === 'running' ? palette.yellow(spinner) : palette.dim('·');
}

function colourTitle(state: StepState, title: string, palette: Palette): string {
	return state === 'waiting' ? palette.dim(title) : title;
}
