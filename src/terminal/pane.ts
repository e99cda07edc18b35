/** Lines at the bottom of a terminal that are drawn anew in place, below what has been printed for good. */

import { countRows } from './width.ts';

export interface Pane {
	/** `draw` is called now, and again whenever the terminal has another size. */
	show(draw: () => readonly string[]): void;
	/** Prints above the lines, for good; `write` is called again when the terminal has another size, if it still fits. */
	print(write: () => string): void;
	/** Takes the lines away and gives the cursor back, so that somebody else may write; `show` goes on. */
	release(): void;
	/** Leaves the lines as they are, and gives the cursor back. */
	close(): void;
}

export interface PaneOptions {
	stream: NodeJS.WriteStream;
	/** Called when the program is about to be stopped, as by Ctrl-Z, and when it goes on. */
	onSuspend?: () => void;
	onResume?: () => void;
}

const showCursor = '\u001b[?25h';
const hideCursor = '\u001b[?25l';
const eraseBelow = '\u001b[J';
const eraseAll = '\u001b[2J\u001b[H';

/** How many printed texts are kept: more than fit on any screen. */
const remembered = 30;

export function openPane({ stream, onSuspend, onResume }: PaneOptions): Pane {
	let draw: (() => readonly string[]) | null = null;
	const printed: (() => string)[] = [];
	let drawnRows = 0;
	let isOpen = true;

	/** Lines that would not fit are left out from the top, since nothing above the screen can be drawn anew. */
	function render(): string {
		const { columns = 80, rows = 24 } = stream;
		const lines = [...(draw?.() ?? [])];
		const count = (line: string) => countRows(line, columns);
		let height = lines.reduce((total, line) => total + count(line), 0);
		while (height > rows - 1 && lines.length > 1) height -= count(lines.shift() ?? '');
		drawnRows = height;
		return `${hideCursor}${lines.join('\n')}`;
	}

	function erase(): string {
		const up = drawnRows > 1 ? `\u001b[${drawnRows - 1}A` : '';
		drawnRows = 0;
		return `\r${up}${eraseBelow}`;
	}

	/** After another size nobody knows where the lines are: some terminals wrap them anew, and some do not. */
	function drawAfresh(): void {
		const below = render();
		stream.write(`${eraseAll}${writeAbove((stream.rows ?? 24) - drawnRows)}${below}`);
	}

	/** What was printed last, as much of it as has room; the very last in any case. */
	function writeAbove(room: number): string {
		const { columns = 80 } = stream;
		const texts: string[] = [];
		let left = room;
		for (const write of printed.toReversed()) {
			const text = write();
			left -= text.split('\n').reduce((rows, line) => rows + countRows(line, columns), 0);
			if (left < 0 && texts.length > 0) break;
			texts.unshift(`${text}\n`);
		}
		return texts.join('');
	}

	function suspend(): void {
		onSuspend?.();
		stream.write(`${draw === null ? '' : '\n'}${showCursor}`);
		process.kill(process.pid, 'SIGSTOP');
	}

	function resume(): void {
		onResume?.();
		if (draw !== null) drawAfresh();
	}

	function restore(): void {
		stream.write(showCursor);
	}

	function resize(): void {
		if (draw !== null) drawAfresh();
	}

	stream.on('resize', resize);
	process.on('SIGTSTP', suspend);
	process.on('SIGCONT', resume);
	// Whatever ends the program, it leaves the cursor where it is seen.
	process.on('exit', restore);

	return {
		show(next) {
			if (!isOpen) return;
			draw = next;
			stream.write(`${erase()}${render()}`);
		},
		print(write) {
			printed.push(write);
			if (printed.length > remembered) printed.shift();
			stream.write(`${erase()}${write()}\n${draw === null ? '' : render()}`);
		},
		release() {
			if (!isOpen) return;
			stream.write(`${draw === null ? '' : erase()}${showCursor}`);
			draw = null;
		},
		close() {
			if (!isOpen) return;
			isOpen = false;
			stream.write(`${draw === null ? '' : '\n'}${showCursor}`);
			draw = null;
			stream.off('resize', resize);
			process.off('SIGTSTP', suspend);
			process.off('SIGCONT', resume);
			process.off('exit', restore);
		},
	};
}
