/** A line on stderr that says what is waited for, and for how long; only once that takes long enough to wonder. */

import { createPalette } from './colour.ts';
import { truncate } from './width.ts';

export interface WaitingOptions {
	stream: NodeJS.WriteStream;
	isColoured: boolean;
	/** Columns to fill, asked anew for each drawing. */
	width(): number;
	/** Whether the line may be redrawn; elsewhere it is written when the wait has become long, and rarely after that. */
	isLive: boolean;
	/** Who has been asked and has not answered; null: nobody in particular. */
	findAwaited(): string | null;
}

export interface Waiting {
	/** Takes the line away, so that others can write; it comes back. */
	clear(): void;
	end(): void;
}

/** Milliseconds after which somebody wonders. */
const firstWonder = 500;
const laterWonder = 10_000;
const frame = 80;
const spinner = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];

/** `what`: what is being done, as a line begins with it. */
export function openWaiting(what: string, options: WaitingOptions): Waiting {
	const { stream, isLive } = options;
	const { yellow, dim } = createPalette(options.isColoured);
	const startedAt = performance.now();
	let isDrawn = false;
	let frames = 0;
	let timer = setTimeout(show, firstWonder);

	function show(): void {
		const seconds = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
		const awaited = options.findAwaited();
		const text = awaited === null ? what : `${what}: waiting for ${awaited}`;
		if (isLive) {
			clear();
			stream.write(
				`${yellow(spinner[frames++ % spinner.length] ?? '')} ${truncate(text, options.width() - seconds.length - 5)}  ${dim(seconds)}`,
			);
			isDrawn = true;
		} else {
			stream.write(`… ${text}  ${seconds}\n`);
		}
		timer = setTimeout(show, isLive ? frame : laterWonder);
	}

	function clear(): void {
		if (isDrawn) stream.write('\r\u001b[2K');
		isDrawn = false;
	}

	return {
		clear,
		end() {
			clearTimeout(timer);
			clear();
		},
	};
}
