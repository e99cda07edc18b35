/** Runs a program on a real terminal of a given width, through util-linux's `script`. */

import { execFile, execFileSync, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import xterm from '@xterm/headless';

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
export async function runOnTerminal(
	command: string,
	columns: number,
	type?: (raw: string) => string | null,
): Promise<Screen> {
	let raw = '';
	const terminal = openTerminal(command, {
		columns,
		onData(text) {
			raw += text;
			const keys = type?.(raw) ?? null;
			if (keys !== null) terminal.press(keys);
		},
	});
	const code = await terminal.ended;
	return { code, raw, lines: terminal.scrollback().filter((line) => line !== '') };
}

export interface Terminal {
	/** As somebody types; `\u0003` is Ctrl-C, `\u001a` Ctrl-Z. */
	press(keys: string): void;
	/** Resolves once the screen, as a terminal shows it, matches; throws with the screen where it does not in time. */
	waitFor(wanted: string | RegExp, seconds?: number): Promise<void>;
	/** Resolves once nothing has been written for a moment. */
	rest(): Promise<void>;
	/** What is on the screen now: its lines without trailing blanks, and without the empty ones at its end. */
	screen(): string[];
	/** All that has been on it, with what has been scrolled away. */
	scrollback(): string[];
	/** Whether the cursor is shown. */
	hasCursor(): boolean;
	resize(columns: number, rows: number): Promise<void>;
	/** Resolves to the exit code. */
	ended: Promise<number | null>;
	/** Hangs up. */
	close(): void;
}

export interface TerminalOptions {
	columns: number;
	rows?: number;
	env?: NodeJS.ProcessEnv;
	/** Told of what is written, as it is written. */
	onData?: (text: string) => void;
}

/** Milliseconds without output after which a screen counts as finished. */
const quiet = 600;

/** A terminal that goes on while a test works with it; its screen is what xterm.js makes of what is written. */
export function openTerminal(command: string, { columns, rows = 24, env = {}, onData }: TerminalOptions): Terminal {
	const model = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
	// A shell that waited for it would be ended by Ctrl-C itself, and its exit code would be the one that is seen.
	const start = `stty cols ${columns} rows ${rows}; echo "terminal $(tty)"; exec ${command}`;
	const child = spawn('script', ['-qec', start, '/dev/null'], {
		env: { ...withoutColourSettings(), TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', ...env },
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	let device: string | null = null;
	let raw = '';
	let hasCursor = true;
	const looks = new Set<() => void>();
	child.stdout.setEncoding('utf8').on('data', (written: string) => {
		device ??= /^terminal (\S+)/.exec(written)?.[1] ?? null;
		const text = written.replace(/^terminal \S+\r\n/, '');
		raw += text;
		for (const [, state] of text.matchAll(/\u001b\[\?25([hl])/g)) hasCursor = state === 'h';
		onData?.(text);
		model.write(text, () => {
			for (const look of looks) look();
		});
	});
	const ended = new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => {
			model.write('', () => resolve(code));
		});
	});

	function read(from: number, to: number): string[] {
		const buffer = model.buffer.active;
		const lines = [];
		for (let row = from; row < to; row++) lines.push(buffer.getLine(row)?.translateToString(true).trimEnd() ?? '');
		while (lines.at(-1) === '') lines.pop();
		return lines;
	}

	const screen = () => read(model.buffer.active.baseY, model.buffer.active.baseY + model.rows);
	return {
		press: (keys) => void child.stdin.write(keys),
		screen,
		scrollback: () => read(0, model.buffer.active.length),
		hasCursor: () => hasCursor,
		waitFor(wanted, seconds = 20) {
			return new Promise((resolve, reject) => {
				const look = () => {
					const text = screen().join('\n');
					if (typeof wanted === 'string' ? !text.includes(wanted) : !wanted.test(text)) return;
					clearTimeout(timer);
					looks.delete(look);
					resolve();
				};
				const timer = setTimeout(() => {
					looks.delete(look);
					reject(new Error(`${wanted} did not come within ${seconds} s:\n${screen().join('\n')}`));
				}, seconds * 1000);
				looks.add(look);
				look();
			});
		},
		async rest() {
			for (let before = -1; before !== raw.length; ) {
				before = raw.length;
				await new Promise((resolve) => setTimeout(resolve, quiet));
			}
		},
		async resize(newColumns, newRows) {
			if (device === null) throw new Error('the terminal has not opened yet');
			model.resize(newColumns, newRows);
			await promisify(execFile)('stty', ['-F', device, 'cols', String(newColumns), 'rows', String(newRows)]);
		},
		ended,
		close: () => void child.kill('SIGKILL'),
	};
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
