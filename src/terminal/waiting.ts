/** A line on stderr that says what is waited for, and for how long; only once that takes long enough to wonder. */

import { createPalette } from './colour.ts';
import { formatDuration, wondering } from './steps.ts';
import { truncate } from './width.ts';

export interface WaitingOptions {
	stream: NodeJS.WriteStream;
	isColoured: boolean;
	/** Columns to fill, asked anew for each drawing. */
	width(): number;
	/** Whether the line may be redrawn; elsewhere there is one for each that is long waited for, and rarely more. */
	isLive: boolean;
	/** Who has been asked and has not answered; null: nobody in particular. */
	findAwaited(): string | null;
}

export interface Waiting {
	/** Takes the line away, so that others can write; it comes back. */
	clear(): void;
	end(): void;
}

/** Milliseconds between two pictures. */
const frame = 80;
const spinner = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];

/** `what`: what is being done, as a line begins with it. */
export function openWaiting(what: string, options: WaitingOptions): Waiting {
	return options.isLive ? drawWaiting(what, options) : writeWaiting(what, options);
}

function drawWaiting(what: string, { stream, width, isColoured, findAwaited }: WaitingOptions): Waiting {
	const { yellow, dim } = createPalette(isColoured);
	const startedAt = performance.now();
	let isDrawn = false;
	let frames = 0;
	const timer = setInterval(() => {
		if (performance.now() - startedAt < wondering.first) return;
		clear();
		const seconds = formatSince(startedAt);
		const text = truncate(describe(what, findAwaited()), width() - seconds.length - 5);
		stream.write(`${yellow(spinner[frames++ % spinner.length] ?? '')} ${text}  ${dim(seconds)}`);
		isDrawn = true;
	}, frame);

	function clear(): void {
		if (isDrawn) stream.write('\r\u001b[2K');
		isDrawn = false;
	}

	return {
		clear,
		end() {
			clearInterval(timer);
			clear();
		},
	};
}

function writeWaiting(what: string, { stream, findAwaited }: WaitingOptions): Waiting {
	const startedAt = performance.now();
	let awaited: string | null = null;
	let awaitedSince = startedAt;
	let written: { awaited: string | null; at: number } | null = null;
	const timer = setInterval(() => {
		const now = performance.now();
		const current = findAwaited();
		if (current !== awaited) awaitedSince = now;
		awaited = current;
		const isNew = written === null || written.awaited !== awaited;
		if (isNew ? now - awaitedSince < wondering.first : now - (written?.at ?? 0) < wondering.later) return;
		stream.write(`… ${describe(what, awaited)}  ${formatSince(startedAt)}\n`);
		written = { awaited, at: now };
	}, frame);
	return { clear() {}, end: () => clearInterval(timer) };
}

function describe(what: string, awaited: string | null): string {
	return awaited === null ? what : `${what}: waiting for ${awaited}`;
}

function formatSince(startedAt: number): string {
	return formatDuration(performance.now() - startedAt);
}
