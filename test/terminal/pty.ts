/** Runs a program on a real terminal of a given width, through util-linux's `script`. */

import { execFileSync, spawn } from 'node:child_process';
import { keepStreams } from '../runner/streams.ts';

/** Null: there is a pseudo terminal to be had; otherwise why not. */
export const reasonWithoutTerminal = findReason();

export interface Screen {
	code: number | null;
	/** Everything that was written to the terminal, control sequences included. */
	raw: string;
	/** What stays on the screen, line by line, without colours. */
	lines: string[];
}

/** `type` is called with what was written so far, and answers with keys to press. */
export function runOnTerminal(
	command: string,
	columns: number,
	type?: (raw: string) => string | null,
): Promise<Screen> {
	const child = spawn('script', ['-qec', `stty cols ${columns} rows 24; ${command}`, '/dev/null'], {
		env: { ...withoutColourSettings(), TERM: 'xterm-256color' },
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	let raw = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		raw += text;
		const keys = type?.(raw) ?? null;
		if (keys !== null) child.stdin.write(keys);
	});
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => {
			keepStreams([command], raw);
			resolve({ code, raw, lines: replay(raw) });
		});
	});
}

/** The few control sequences that redrawing in place needs: cursor up, to the line's start, erase. */
function replay(raw: string): string[] {
	const lines: string[] = [''];
	let row = 0;
	let column = 0;
	for (const [piece, parameter = '', final] of raw.matchAll(/\u001b\[([?\d;]*)([A-Za-z])|\u001b.|[\s\S]/gu)) {
		const count = Number(parameter || 1);
		if (piece === '\r') column = 0;
		else if (piece === '\n') row += 1;
		else if (final === 'A') row = Math.max(0, row - count);
		else if (final === 'G') column = count - 1;
		else if (final === 'K') lines[row] = parameter === '2' ? '' : (lines[row] ?? '').slice(0, column);
		else if (final === 'J') lines.splice(row, lines.length, (lines[row] ?? '').slice(0, column));
		else if (!piece.startsWith('\u001b')) {
			const line = (lines[row] ?? '').padEnd(column);
			lines[row] = line.slice(0, column) + piece + line.slice(column + piece.length);
			column += piece.length;
		}
	}
	return Array.from(lines, (line) => (line ?? '').trimEnd()).filter((line) => line !== '');
}

function withoutColourSettings(): NodeJS.ProcessEnv {
	const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
	return rest;
}

function findReason(): string | null {
	try {
		return /util-linux/.test(execFileSync('script', ['--version'], { encoding: 'utf8' }))
			? null
			: 'script is not that of util-linux';
	} catch {
		return 'script (util-linux) is not installed';
	}
}
